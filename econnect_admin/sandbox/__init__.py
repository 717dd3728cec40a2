"""A strict little eConnect, for demonstrations, for tests, and for trying without an account."""
