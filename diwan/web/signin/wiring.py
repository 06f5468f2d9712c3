"""What signing in adds to every request."""

MIDDLEWARE = ["diwan.web.signin.middleware.ActorMiddleware"]
