"""The Neo4j engine: a local server with Graph Data Science, kept in step with the lake."""
