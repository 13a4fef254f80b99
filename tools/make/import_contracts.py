"""Two import-linter contracts that the built-in ones do not cover.

`allowed` lists what may be imported: a forbidden list cannot keep a domain pure, the library that somebody adds next year is not on it.
`confined` says where alone a library may be imported, whether or not anything imports it today (the built-in `protected` refuses then).
"""

from collections.abc import Iterable
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules


class Allowed(Contract):
    """The source packages import directly only themselves and the allowed packages (standard library included)."""

    type_name = "allowed"

    source_modules: Any = fields.SetField(subfield=fields.ModuleExpressionField())
    allowed_modules: Any = fields.SetField(subfield=fields.ModuleExpressionField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        allowed = {str(each) for each in self.allowed_modules}
        packages = {each.name for each in module_expressions_to_modules(graph, self.source_modules)}
        strays = [
            (module, imported, _lines(graph, module, imported))
            for package in sorted(packages)
            for module in sorted({package, *graph.find_descendants(package)})
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if not _within(imported, {package, *allowed})
        ]
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        _print(check, "allowed", self.allowed_modules)


class Confined(Contract):
    """The libraries are imported directly only inside the homes."""

    type_name = "confined"

    libraries: Any = fields.SetField(subfield=fields.ModuleExpressionField())
    homes: Any = fields.SetField(subfield=fields.ModuleExpressionField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        homes = {each.name for each in module_expressions_to_modules(graph, self.homes)}
        strays = [
            (module, library, _lines(graph, module, library))
            for library in sorted({str(each) for each in self.libraries} & graph.modules)
            for module in sorted(graph.find_modules_that_directly_import(library))
            if not _within(module, homes)
        ]
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        _print(check, "only in", self.homes)


def _within(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def _lines(graph: ImportGraph, module: str, imported: str) -> str:
    return ", ".join(str(each["line_number"]) for each in graph.get_import_details(importer=module, imported=imported))


def _print(check: ContractCheck, rule: str, names: Iterable[object]) -> None:
    for module, imported, lines in check.metadata["strays"]:
        output.print_error(f"- {module} -> {imported} (l. {lines})", bold=False)
    output.print_error(f"{rule}: {', '.join(sorted(map(str, names)))}", bold=False)
