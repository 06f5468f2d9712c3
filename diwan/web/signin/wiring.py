"""What signing in adds to every request."""

MIDDLEWARE = ["diwan.web.signin.middleware.ActorMiddleware"]
AUTHENTICATION_BACKENDS = ["diwan.web.signin.keeping.AccountBackend"]
