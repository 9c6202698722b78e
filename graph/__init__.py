"""The ground of everything: schema, lake, engines and the promises between them."""
