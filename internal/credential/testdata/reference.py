"""Signs and reads pictures with c2pa-python, for the conformance test.

One JSON command a line on standard input, one JSON answer a line on standard
output. See conformance_test.go for the commands.
"""
import json
import sys
import time
import warnings

import c2pa

warnings.simplefilter("ignore")

INTENTS = {"create": 0, "edit": 1, "update": 2}


def context(command):
    return c2pa.Context(settings=c2pa.Settings.from_dict(command.get("settings") or {}))


def sign(command):
    builder = c2pa.Builder(json.dumps(command["manifest"]), context(command))
    if command.get("intent"):
        source = command.get("source_type") or 4  # a digital capture
        builder.set_intent(c2pa.C2paBuilderIntent(INTENTS[command["intent"]]), c2pa.C2paDigitalSourceType(source))
    for ingredient in command.get("ingredients") or []:
        with open(ingredient["file"], "rb") as f:
            builder.add_ingredient(json.dumps(ingredient["json"]), ingredient["format"], f)
    signer = c2pa.Signer.from_info(
        c2pa.C2paSignerInfo(command["alg"], command["cert"].encode(), command["key"].encode(), command.get("stamper"))
    )
    with open(command["in"], "rb") as source, open(command["out"], "w+b") as dest:
        builder.sign(signer, command["format"], source, dest)
    return {}


def read(command):
    start = time.perf_counter()
    try:
        with open(command["in"], "rb") as f:
            reader = c2pa.Reader(command["format"], f, context=context(command))
            text = reader.json()
    except c2pa.C2paError.ManifestNotFound:
        return {"state": "none", "seconds": time.perf_counter() - start}
    except c2pa.C2paError as e:
        return {"state": "error", "error": str(e)}
    seconds = time.perf_counter() - start
    store = json.loads(text)
    manifest = store["manifests"][store["active_manifest"]]
    actions = [
        a["action"]
        for assertion in manifest.get("assertions", [])
        if assertion["label"].startswith("c2pa.actions")
        for a in assertion["data"]["actions"]
    ]
    return {
        "state": store["validation_state"],
        "failures": sorted({s["code"] for s in store.get("validation_status", [])}),
        "details": store.get("validation_status", []),
        "generator": manifest.get("claim_generator") or "",
        "generator_info": manifest.get("claim_generator_info") or [],
        "actions": actions,
        "alg": (manifest.get("signature_info") or {}).get("alg") or "",
        "time": (manifest.get("signature_info") or {}).get("time") or "",
        "seconds": seconds,
    }


for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = {"sign": sign, "read": read}[command["do"]](command)
    except Exception as e:
        answer = {"error": f"{type(e).__name__}: {e}"}
    print(json.dumps(answer), flush=True)
