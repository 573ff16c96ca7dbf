"""The database: Core tables, explicit load and save, one module a noun."""
