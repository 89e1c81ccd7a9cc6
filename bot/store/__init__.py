"""What is remembered, in SQLite or PostgreSQL and nowhere else: tables, named queries, encrypted values."""
