"""The signer process: the only holder of private keys. Only the command `diwan signer` imports this package."""
