"""Keeps one LibreOffice running and lets it convert documents to PDF.

Usage: office-worker.py SOFFICE PROFILE_FOLDER PIPE_NAME [SOCKET_FILE ...]

One JSON object a line. First out: {"group"} (LibreOffice's process group), then {"ready": true} or {"failed": reason}.
In: {"input", "output", "service", "filter"}; out, one for one: {"ok": true, "rssBytes"} or
{"ok": false, "error": "family" | "load" | "lost", "rssBytes"}. "family": it is another kind of document; "load": it
cannot be opened; "lost": LibreOffice is gone.

This process is also the watcher: when its standard input ends, because its parent closed it or was killed, it ends
LibreOffice's whole process group, removes the profile folder and the socket files and exits, even in the middle of a
conversion.
"""

import ctypes
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import DisposedException

START_LIMIT_S = 60
END_LIMIT_S = 2
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
# com.sun.star.document: MacroExecMode.NEVER_EXECUTE and UpdateDocMode.NO_UPDATE
NEVER_EXECUTE, NO_UPDATE = 0, 0

soffice, profile_folder, pipe_name, *socket_files = sys.argv[1:]


def say(message):
    print(json.dumps(message), flush=True)


def adopt_orphans():
    """Makes this process the parent of what LibreOffice leaves, so that it can be waited for: in a container nobody else may."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def start_office():
    profile_url = uno.systemPathToFileUrl(profile_folder)
    switches = ["--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"]
    accept = f"--accept=pipe,name={pipe_name};urp;StarOffice.ComponentContext"
    return subprocess.Popen(
        [soffice, f"-env:UserInstallation={profile_url}", *switches, accept],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


adopt_orphans()
office = start_office()
requests = queue.Queue()


def end(status):
    """Ends LibreOffice at once, whatever it is doing, and then this process."""
    try:
        os.killpg(office.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    deadline = time.monotonic() + END_LIMIT_S
    try:
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.005)
    except ChildProcessError:
        pass  # all of them are gone
    shutil.rmtree(profile_folder, ignore_errors=True)
    for file in socket_files:
        try:
            os.unlink(file)
        except OSError:
            pass
    os._exit(status)


def read_requests():
    for line in sys.stdin:
        requests.put(json.loads(line))
    end(0)


def connect():
    """The running office's desktop, or None if it does not come up."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and office.poll() is None:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe_name};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:  # NoConnectException until it listens
            time.sleep(0.02)
    return None


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def is_office_filter(document):
    """Whether LibreOffice took the file for one of Microsoft's formats: broken ones it may show as pages of plain text."""
    name = next((value.Value for value in document.getArgs() if value.Name == "FilterName"), "")
    return "MS " in name or "Office Open XML" in name


def convert(desktop, request):
    """None when the PDF was written, else why not."""
    document = None
    try:
        # Not with RepairPackage: it opens packages that are beyond repair as one blank page.
        document = desktop.loadComponentFromURL(
            uno.systemPathToFileUrl(request["input"]),
            "_blank",
            0,
            properties(Hidden=True, ReadOnly=True, MacroExecutionMode=NEVER_EXECUTE, UpdateDocMode=NO_UPDATE),
        )
        if document is None:
            return "load"
        if not is_office_filter(document):
            return "load"
        if not document.supportsService(request["service"]):
            return "family"
        document.storeToURL(uno.systemPathToFileUrl(request["output"]), properties(FilterName=request["filter"]))
        return None
    except DisposedException:
        return "lost"
    except Exception:
        return "load"
    finally:
        if document is not None:
            try:
                document.close(True)
            except Exception:
                pass


def rss_bytes():
    """The memory that LibreOffice's processes hold."""
    pages = 0
    for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else []):
        try:
            if os.getpgid(int(pid)) == office.pid:
                with open(f"/proc/{pid}/statm") as statm:
                    pages += int(statm.read().split()[1])
        except (OSError, IndexError):
            pass  # it went away while we looked
    return pages * os.sysconf("SC_PAGE_SIZE")


def serve():
    say({"group": office.pid})
    threading.Thread(target=read_requests, daemon=True).start()
    desktop = connect()
    if desktop is None:
        say({"failed": "LibreOffice did not start"})
        return
    say({"ready": True})
    while True:
        error = convert(desktop, requests.get())
        if office.poll() is not None:
            error = "lost"
        say({"ok": True, "rssBytes": rss_bytes()} if error is None else {"ok": False, "error": error, "rssBytes": rss_bytes()})
        if error == "lost":
            return


signal.signal(signal.SIGTERM, lambda *_: end(1))
try:
    serve()
finally:  # also when an answer could not be written: nobody is there to read it
    end(1)
