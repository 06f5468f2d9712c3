"""Who may do what: every address of the product for every kind of person, against a table written by hand."""
