"""Rules about what a manifest is read from: paths, sizes, environments."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Rule, entry

VIP = "to: {users_from: audiences/vip.txt}"
STAGING = "environments: {staging: {app: {workspace: test}}}\n"


RULES = (
    Rule(
        code="PSH106",
        title="The path leaves the manifest's folder",
        severity=Severity.ERROR,
        why="""Only files inside the folder of the manifest are read, whatever a path or a link
        says. A change that somebody proposes from outside could otherwise make your CI read any
        file of its machine and show it.""",
        fix="Copy the file into the folder.",
        bad=entry("to: {users_from: ../crm/vip.txt}"),
        good=entry(VIP, files={"audiences/vip.txt": "user1024\n"}),
    ),
    Rule(
        code="PSH107",
        title="A file is missing, or cannot be read",
        severity=Severity.ERROR,
        why="""A file that the manifest names is not there, may not be read, or holds no list: a
        pointer of Git LFS, a page of a server, a merge conflict. Without it nobody knows who gets a
        push, or which pushes there are; going on with the rest would cancel the others.""",
        fix="Correct the path, or commit the file itself.",
        bad=entry(VIP, files={"audiences/vips.txt": "user1024\n"}),
        good=entry(VIP, files={"audiences/vip.txt": "user1024\n"}),
    ),
    Rule(
        code="PSH108",
        title="The manifest is too large",
        severity=Severity.ERROR,
        why="""There are limits of size, depth and number, far above what people write: 64 levels,
        100,000 pushes, a million targets. Beyond them it is most likely an accident, or somebody
        who wants to stop your CI.""",
        fix="Split the manifest into several projects.",
        bad=entry(f"raw: {{Nested: {'[' * 65}{']' * 65}}}"),
        good=entry(),
    ),
    Rule(
        code="PSH116",
        title="The environment does not exist",
        severity=Severity.ERROR,
        why="""`--env` names an environment that the manifest does not have. Without its values the
        pushes would go to the app and the people of the manifest itself, which is the one mistake
        that environments are there to prevent.""",
        fix="Correct the name after `--env`, or add it under `environments`.",
        bad=entry(head=STAGING, environment="stagging"),
        good=entry(head=STAGING, environment="staging"),
    ),
)
