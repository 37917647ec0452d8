"""Makes `c_api-VERSION.txt` beside it: name and parameter types of every function of the library's header, in its order.

Run it once with the header of each version, as its source distribution has it:
    python make_prototypes.py 3.2.0 cpp_src/include/xgboost/c_api.h      (xgboost-3.2.0.tar.gz on PyPI)
    python make_prototypes.py 1.7.6 cpp_src/include/xgboost/c_api.h      (Debian: libxgboost-dev has the same file)

Spaces, the place of `const` and the names of parameters are left out: they differ between versions and mean nothing.
"""

import pathlib
import re
import sys

version, header = sys.argv[1], pathlib.Path(sys.argv[2])


def canonical(parameter):
    if re.match(r"void \(\*\w+\)", parameter):
        return "void (*)(const char *)"
    brackets = "[]" if "[" in parameter else ""
    name = re.sub(r"\w+\s*(\[\])?$", "", parameter)
    words = sorted(name.replace("*", " ").split())
    stars = "*" * name.count("*") + brackets
    return " ".join(part for part in [" ".join(words), stars] if part)


text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", header.read_text(), flags=re.S)
lines = [f"# xgboost {version}, include/xgboost/c_api.h"]
for name, parameters in re.findall(r"XGB_DLL[\w\s*]+?[ *](XG\w+)\s*\((.*?)\)\s*;", text, flags=re.S):
    parameters = " ".join(parameters.split())
    listed = [] if parameters in ("", "void") else re.split(r",(?![^(]*\))\s*", parameters)
    lines.append(f"{name}({', '.join(map(canonical, listed))})")
(pathlib.Path(__file__).parent / f"c_api-{version}.txt").write_text("\n".join(lines) + "\n")
