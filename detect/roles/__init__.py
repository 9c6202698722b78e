"""Roles of gang members: a vector of proposals per person, with the rows for and against each."""

from detect.roles.proposal import with_roles

__all__ = ["with_roles"]
