"""The store of record: originals, batches and the canonical tables every engine is projected from."""
