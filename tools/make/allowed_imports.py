"""An import-linter contract that lists what may be imported, where the built-in ones list what may not.

A forbidden list cannot keep a domain pure: the library that somebody adds next year is not on it.
"""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules


class AllowedImports(Contract):
    """The source packages import directly only themselves and the allowed packages (standard library included)."""

    type_name = "allowed"

    source_modules = fields.SetField(subfield=fields.ModuleExpressionField())
    allowed_modules = fields.SetField(subfield=fields.ModuleExpressionField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        packages = module_expressions_to_modules(graph, self.source_modules)  # pyright: ignore[reportArgumentType]: a Field is what it parses to
        allowed = {str(each) for each in self.allowed_modules}  # pyright: ignore[reportGeneralTypeIssues]: as above
        strays = [
            (module, imported, graph.get_import_details(importer=module, imported=imported))
            for package in sorted(each.name for each in packages)
            for module in sorted({package, *graph.find_descendants(package)})
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if not any(_within(imported, each) for each in {package, *allowed})
        ]
        return ContractCheck(kept=not strays, metadata={"strays": strays, "allowed": sorted(allowed)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        metadata: dict[str, Any] = check.metadata
        for module, imported, details in metadata["strays"]:
            lines = ", ".join(str(each["line_number"]) for each in details)
            output.print_error(f"- {module} -> {imported} (l. {lines})", bold=False)
        output.print_error(f"Allowed are: {', '.join(metadata['allowed'])}", bold=False)


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
