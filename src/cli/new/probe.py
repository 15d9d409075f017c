"""Writes the options of a program with argparse, click or absl to a file, as JSON, where it would read its arguments.

Arguments: the file, the folder of modules beside the program, then the program (or -m and a module) and its arguments.
"""
import argparse
import ast
import json
import math
import os
import runpy
import sys


def told(reader, options):
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"reader": reader, "options": options}, file)
    os._exit(0)


def option(names, kind, default, many=False, required=False, choices=None, about=None, positional=None):
    if isinstance(default, os.PathLike):
        default = os.fspath(default)
    if not isinstance(default, (bool, int, float, str)):
        default = None
    # JSON and TOML have no other numbers.
    if isinstance(default, float) and not math.isfinite(default) or isinstance(default, int) and abs(default) >= 2**63:
        default = None
    choices = [str(choice) for choice in choices] if choices and len(list(choices)) <= 1000 else []
    return {
        "names": list(names), "positional": positional, "kind": kind, "default": default, "many": bool(many),
        "required": bool(required), "choices": choices, "about": str(about or ""),
    }


KINDS = {int: "int", float: "float", str: "text", bool: "text"}


def of_argparse(parser, words):
    found, words = [], list(words)
    while parser is not None:
        below = None
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                below = action
            elif action.help != argparse.SUPPRESS and not isinstance(action, (argparse._HelpAction, argparse._VersionAction)):
                kind = "switch" if action.nargs == 0 or len(action.option_strings) > 1 and any(
                    name.startswith("--no-") for name in action.option_strings) else KINDS.get(action.type or str, "other")
                found.append(option(
                    action.option_strings, kind, action.default, action.nargs not in (None, 0, "?"), action.required,
                    action.choices, (action.help or "").replace("%(default)s", str(action.default)).replace("%%", "%"),
                    None if action.option_strings else action.dest))
        chosen = next((word for word in words if below is not None and word in below.choices), None)
        parser = None if chosen is None else below.choices[chosen]
        words = words[words.index(chosen) + 1:] if chosen is not None else []
    told("argparse", found)


def of_click(command):
    found = []
    kinds = {"integer": "int", "integer range": "int", "float": "float", "float range": "float", "text": "text", "choice": "text"}
    for own in command.params:
        if getattr(own, "hidden", False):
            continue
        is_switch = getattr(own, "is_flag", False) or getattr(own, "count", False)
        kind = "switch" if is_switch else kinds.get(own.type.name, "other")
        is_option = own.param_type_name == "option"
        found.append(option(
            own.opts if is_option else [], kind, own.default, own.multiple or own.nargs != 1, own.required,
            getattr(own.type, "choices", None), getattr(own, "help", None), None if is_option else own.name))
    return found


def of_absl(flags):
    found = []
    kinds = {"int": "int", "float": "float", "string": "text", "string enum": "text", "bool": "bool"}
    for own in flags.flags_by_module_dict().get(sys.argv[0], []):
        kind = kinds.get(own.flag_type(), "other")
        found.append(option(
            ["--" + own.name], kind, own.default, False, False, getattr(own.parser, "enum_values", None), own.help))
    told("absl", found)


def patched_argparse():
    def parse(self, args=None, namespace=None):
        of_argparse(self, sys.argv[1:] if args is None else args)

    argparse.ArgumentParser.parse_known_args = parse


def patched_click():
    import click

    make, above = click.Command.make_context, []

    def make_context(self, info_name, args, parent=None, **extra):
        above.extend(of_click(self))
        # The options of a subcommand follow those of its group.
        if isinstance(self, getattr(click, "Group", ())) and any(word in self.commands for word in args):
            return make(self, info_name, args, parent, **extra)
        told("click", above)

    click.Command.make_context = make_context


def patched_absl():
    from absl import app, flags

    def run(*_, **__):
        of_absl(flags.FLAGS)

    app.run = run


def literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def of_source(path):
    """Reads calls of add_argument from the text, for a program that cannot be run here."""
    with open(path, encoding="utf-8") as file:
        calls = [node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call)]
    calls = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "add_argument"]
    found, kinds = [], {"int": "int", "float": "float", "str": "text"}
    for call in sorted(calls, key=lambda call: call.lineno):
        names = [name for name in map(literal, call.args) if isinstance(name, str)]
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        known = {name: literal(value) for name, value in given.items()}
        action, type_name = known.get("action"), getattr(given.get("type"), "id", None if "type" in given else "str")
        if not names or action in ("help", "version"):
            continue
        has_dash = names[0].startswith("-")
        kind = "switch" if "action" in given and action not in ("store", "append") else kinds.get(type_name, "other")
        found.append(option(
            names if has_dash else [], kind, known.get("default"), known.get("nargs") not in (None, "?") or action == "append",
            known.get("required") or not has_dash, known.get("choices"), known.get("help"), None if has_dash else names[0]))
    if found:
        told("the calls of add_argument", found)


out, beside, *words = sys.argv[1:]
for patch in (patched_argparse, patched_click, patched_absl):
    try:
        patch()
    except Exception:
        pass
sys.path.insert(0, beside)
try:
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
except BaseException:
    if words[0] != "-m":
        of_source(words[0])
    raise
