"""Django's PostgreSQL backend with a pool that gives out no connection whose server has gone."""
