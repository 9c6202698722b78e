"""Resolves the wanted Maven coordinates anew and writes `jars.lock`; run when a version is raised."""

import argparse
import tempfile
from pathlib import Path

from graph.engines.neo4j_gds.maven import LOCK, ROOTS, file_sha256, repository_context


def relock(lock: Path = LOCK) -> int:
    """Write the lock of ROOTS and all they need, sorted, with sha256, without any address; how many jars."""
    with tempfile.TemporaryDirectory() as folder:
        context = repository_context(Path(folder))
        roots, rest = context.resolver.resolve([context.create_dependency(root) for root in ROOTS])
        lines = set()
        for artifact in (dependency.artifact for dependency in [*roots, *rest]):
            parts = [artifact.groupId, artifact.artifactId, artifact.version]
            coordinate = ":".join([*parts, artifact.classifier] if artifact.classifier else parts)
            lines.add(f"{coordinate} {file_sha256(artifact.resolve())}\n")
    lock.write_text("".join(sorted(lines)), encoding="ascii")
    return len(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Resolve Neo4j and GDS anew and write jars.lock (minutes).")
    parser.parse_args()
    print(f"{relock()} jars locked")
