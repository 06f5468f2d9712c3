"""How an operation of the public API is declared, in one place for its route, its checks and its documentation."""
