"""Which state of the repository a regression ran on."""

import subprocess

from verif.build_spec import ROOT

__all__ = ["revision"]


def revision() -> tuple[str, bool]:
    """The commit of the work tree, and whether the tree differs from it.

    Without git, or outside a repository, it is `unknown` and differs.
    """
    commit, status = _git("rev-parse", "HEAD"), _git("status", "--porcelain")
    return (commit, bool(status)) if commit else ("unknown", True)


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
