"""Checks deploy/compose.yaml without a container engine: what it names exists, and no secret stands in it."""

import re
import sys
from pathlib import Path

import yaml

path = Path(sys.argv[1])
folder = path.parent
compose = yaml.safe_load(path.read_text(encoding="utf-8"))
example = (folder / "tongxing.env.example").read_text(encoding="utf-8")
complaints = []


def complain(condition, text):
    if not condition:
        complaints.append(text)


services = compose["services"]
complain({"database", "broker", "tongxing"} <= set(services), "database, broker and tongxing are services")

for name, service in services.items():
    complain("image" in service or "build" in service, f"{name} has neither image nor build")
    if "build" in service:
        build = service["build"]
        dockerfile = folder / build["context"] / build["dockerfile"]
        complain(dockerfile.is_file(), f"{name}: no {dockerfile}")
        stages = re.findall(r"^FROM \S+ AS (\w+)", dockerfile.read_text(encoding="utf-8"), re.M)
        complain(build["target"] in stages, f"{name}: {build['target']} is no stage of {dockerfile}")
    else:
        complain(re.search(r":[\w.-]*\d", service["image"]), f"{name}: {service['image']} has no version")
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if not source.startswith("."):
            complain(source in compose["volumes"], f"{name}: volume {source} is not declared")
        elif not source.startswith("./secrets/"):
            complain((folder / source).exists(), f"{name}: no {source}")
    for other in service.get("depends_on", {}):
        complain(other in services, f"{name} depends on {other}")
        wants = service["depends_on"][other]["condition"]
        if wants == "service_healthy":
            own = services[other]
            complain("healthcheck" in own, f"{name} waits for {other}'s health, which nothing checks")
    for key, value in service.get("environment", {}).items():
        has_secret = "PASSWORD" in key or re.search(r"://[^/]*:[^/]*@", value)
        complain(not has_secret or "${" in value, f"{name}: {key} has a secret")

text = path.read_text(encoding="utf-8")
for variable, rest in re.findall(r"\$\{(\w+)(.*?)\}", text):
    complain(re.search(rf"^{variable}=", example, re.M), f"tongxing.env.example does not name {variable}")
    if "PASSWORD" in variable:
        complain(rest.startswith(":?"), f"${{{variable}}} may be empty")
for variable, value in re.findall(r"^(\w*PASSWORD\w*)=(.*)$", example, re.M):
    complain(value == "", f"tongxing.env.example has a default for {variable}")

# The keeper of each session and of the database must have time to save before it is killed.
for name in ("database", "broker", "tongxing"):
    complain(services[name].get("stop_grace_period") == "1m", f"{name} is killed too soon")

print("\n".join(complaints))
sys.exit(1 if complaints else 0)
