"""Which system libraries Qt and the built-in engine lack on this Linux, and the command that installs them.

PySide6's wheels bring Qt but not the drawing, font and X11 libraries of the system. Qt itself only says
"could not load the platform plugin", so the files are asked one by one (`ldd`), before Qt is started.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from devtools.steps import SetupError, run_step, say

# Files in site-packages as the wheels lay them out. Without the first ones nothing of Qt starts, ...
CORE_FILES = (
    "PySide6/QtCore.abi3.so",
    "PySide6/QtGui.abi3.so",
    "PySide6/QtWidgets.abi3.so",
    "PySide6/QtSvg.abi3.so",
    "PySide6/QtNetwork.abi3.so",
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
)
# ... without this one there is no window on a screen (a Wayland session has it through XWayland), ...
WINDOW_FILES = ("PySide6/Qt/plugins/platforms/libqxcb.so",)
# ... and without this one there is no built-in engine.
ENGINE_FILES = ("xllamacpp/xllamacpp.abi3.so",)

APT_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libatomic.so.1": "libatomic1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgomp.so.1": "libgomp1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
PACMAN_PACKAGES = (
    "dbus fontconfig glib2 libglvnd libx11 libxcb libxkbcommon-x11 xcb-util-cursor xcb-util-image "
    "xcb-util-keysyms xcb-util-renderutil xcb-util-wm"
)


def missing_libraries(site_packages: Path, files: Iterable[str]) -> list[str]:
    """Sonames that `files` (relative to `site_packages`) need and the system does not have.

    Empty where `ldd` is not at hand: then Qt's own words at start have to do.
    """
    ldd = shutil.which("ldd")
    present = [str(site_packages / name) for name in files if (site_packages / name).exists()]
    if ldd is None or not present:
        return []
    environment = {**os.environ, "LC_ALL": "C"}
    answer = subprocess.run([ldd, *present], capture_output=True, text=True, check=False, env=environment)
    return parse_ldd(answer.stdout)


def parse_ldd(output: str) -> list[str]:
    """The sonames that ldd could not find, each once, sorted."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", output, flags=re.MULTILINE)))


def apt_packages(sonames: Iterable[str]) -> list[str]:
    """Debian's and Ubuntu's packages that hold `sonames`; those that are in no list of ours are left out."""
    return sorted({APT_PACKAGES[name] for name in sonames if name in APT_PACKAGES})


def install_command(sonames: Iterable[str]) -> list[str] | None:
    """The command that installs `sonames` with the package manager found here; None when none is known.

    dnf and zypper take the soname itself; pacman gets the whole set, since it has no such names.
    """
    names = list(sonames)
    by_soname = [f"{name}()(64bit)" for name in names]
    commands = {
        "apt-get": ["apt-get", "install", "-y", "--no-install-recommends", *apt_packages(names)],
        "dnf": ["dnf", "install", "-y", *by_soname],
        "zypper": ["zypper", "install", "-y", *by_soname],
        "pacman": ["pacman", "-S", "--needed", *PACMAN_PACKAGES.split()],
    }
    return next((command for tool, command in commands.items() if shutil.which(tool)), None)


def provide_libraries(packages: Path) -> None:
    """Install the system libraries that are missing, or say the one command that does.

    Raises:
        SetupError: Qt cannot start without them. (Without those of the window or the built-in engine only
            a note is printed: tests and the command line do without.)
    """
    core = missing_libraries(packages, CORE_FILES)
    rest = missing_libraries(packages, WINDOW_FILES + ENGINE_FILES)
    missing = sorted({*core, *rest})
    if not missing:
        return
    reason = f"The window needs system libraries that are not here: {', '.join(missing)}."
    command = install_command(missing)
    if command and command[0] == "apt-get" and install_with_apt(reason, command):
        return
    way = f"{reason} {libraries_advice(command)}"
    if core:
        raise SetupError(way)
    say(way)


def libraries_advice(command: list[str] | None) -> str:
    """The sentence that names the command to type."""
    if command is None:
        return "Install the packages of your distribution that hold them, then try again."
    words = " ".join(f"'{word}'" if "(" in word else word for word in command)
    return f"Type this, then try again:\n    sudo {words}"


def install_with_apt(reason: str, command: list[str]) -> bool:
    """Run an apt-get command as root or by passwordless sudo, asking first on a terminal; False if not."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    sudo = [] if is_root else ["sudo", "-n"]
    if not is_root and (
        not shutil.which("sudo") or subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) != 0
    ):
        return False
    if sys.stdin is not None and sys.stdin.isatty():
        answer = input(f"{reason}\nRun `{' '.join(sudo + command)}` now? [Y/n] ")
        if answer.strip().lower() not in ("", "y", "yes"):
            return False
    say(f"{reason} Installing them with apt")
    quiet = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive"]
    try:
        run_step([*quiet, *command], "Installing with apt")
    except SetupError:  # the lists of packages may be old or missing, as in a fresh container
        run_step([*quiet, "apt-get", "update"], "Fetching the lists of packages")
        run_step([*quiet, *command], "Installing with apt")
    return True


def provide_tools(packages: dict[str, str]) -> None:
    """Install command line tools, given with their apt package, or say how.

    Raises:
        SetupError: one is missing and cannot be installed from here.
    """
    missing = sorted({package for tool, package in packages.items() if not shutil.which(tool)})
    if not missing:
        return
    reason = f"The build needs {', '.join(missing)}."
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not shutil.which("apt-get") or not install_with_apt(reason, command):
        raise SetupError(
            f"{reason} Install it with your package manager, e.g.:\n    sudo {' '.join(command)}"
        )
