"""The settings of one installation, built once in `app.py` and each command, and passed down."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.lake.home import LakeHome, lake_home


class Settings(BaseSettings):
    """Read from the environment (prefix DUANLIAN_); frozen."""

    model_config = SettingsConfigDict(env_prefix="DUANLIAN_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("var"), description="folder of the lake, findings and the local Neo4j")
    neo4j_url: str = Field(
        default="neo4j:local", description="the Neo4j in use; neo4j:local is the one beside the lake"
    )
    neo4j_password: SecretStr | None = Field(
        default=None, description="its password; the local one keeps its own"
    )
    language: str = Field(default="zh", pattern="^(zh|en)$", description="language at the start: zh or en")
    user: str = Field(
        default="analyst", description="name of the person at this desk, as the audit writes it"
    )
    role: str = Field(default="investigator", description="role of that person (docs/reference: access)")

    map_geojson: Path | None = Field(
        default=None, description="GeoJSON file with boundaries for the point map; none are drawn without"
    )

    @property
    def lake(self) -> LakeHome:
        """The folders below `home`."""
        return lake_home(self.home)
