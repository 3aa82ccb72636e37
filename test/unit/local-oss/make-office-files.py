"""Writes small Office files with LibreOffice itself: make-office-files.py FOLDER. Each format, and locked ones (password "pw")."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.awt import Point, Size
from com.sun.star.beans import NamedValue, PropertyValue

folder = sys.argv[1]
pipe = f"make{os.getpid()}"
profile = os.path.join(folder, "profile")
office = subprocess.Popen(
    [
        "soffice",
        f"-env:UserInstallation={uno.systemPathToFileUrl(profile)}",
        "--headless",
        "--norestore",
        "--nodefault",
        f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
    ],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
    env={**os.environ, "TMPDIR": folder},
    start_new_session=True,
)


def connect():
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while office.poll() is None:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:
            time.sleep(0.02)
    sys.exit("LibreOffice did not start")


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def save(document, name, filter_name, **more):
    document.storeToURL(uno.systemPathToFileUrl(os.path.join(folder, name)), properties(FilterName=filter_name, **more))


def lock(document, name, filter_name, *key):
    """The filters for Microsoft's formats take no password but what is made from one."""
    encryption = uno.Any("[]com.sun.star.beans.NamedValue", tuple(NamedValue(Name=n, Value=v) for n, v in key))
    target = properties(FilterName=filter_name) + (PropertyValue(Name="EncryptionData", Value=encryption),)
    uno.invoke(document, "storeToURL", (uno.systemPathToFileUrl(os.path.join(folder, name)), target))


def old_key(password):
    """[MS-OFFCRYPTO] 2.3.6.2: RC4 with a 40-bit key."""
    salt = bytes(range(16))
    base = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    key = hashlib.md5((base + salt) * 16).digest()
    return ("STD97EncryptionKey", uno.ByteSequence(key)), ("STD97UniqueID", uno.ByteSequence(salt))


new_key = (("OOXPassword", "pw"), ("CryptoType", "StrongEncryptionDataSpace"))


try:
    desktop = connect()
    new = lambda kind: desktop.loadComponentFromURL(f"private:factory/{kind}", "_blank", 0, properties(Hidden=True))

    text = new("swriter")
    text.Text.String = "\n".join(f"Paragraph {n} 合同" for n in range(1, 100))
    save(text, "text.docx", "MS Word 2007 XML")
    save(text, "text.doc", "MS Word 97")
    lock(text, "locked.docx", "MS Word 2007 XML", *new_key)
    lock(text, "locked.doc", "MS Word 97", *old_key("pw"))
    save(text, "text.odt", "writer8")
    text.close(True)

    sheet = new("scalc")
    sheet.Sheets.insertNewByName("Second", 1)
    for index in (0, 1):
        sheet.Sheets[index].getCellRangeByName("A1").String = f"Sheet {index + 1}"
    save(sheet, "sheet.xlsx", "Calc MS Excel 2007 XML")
    save(sheet, "sheet.xls", "MS Excel 97")
    lock(sheet, "locked.xlsx", "Calc MS Excel 2007 XML", *new_key)
    lock(sheet, "locked.xls", "MS Excel 97", *old_key("pw"))
    sheet.close(True)

    slides = new("simpress")
    slides.DrawPages.insertNewByIndex(1)
    slides.DrawPages.insertNewByIndex(2)
    for index in range(3):
        box = slides.createInstance("com.sun.star.drawing.RectangleShape")
        box.Position, box.Size = Point(1000, 1000), Size(5000 + index * 2000, 4000)
        slides.DrawPages[index].add(box)
    save(slides, "slides.pptx", "Impress MS PowerPoint 2007 XML")
    save(slides, "slides.ppt", "MS PowerPoint 97")
    lock(slides, "locked.pptx", "Impress MS PowerPoint 2007 XML", *new_key)
    slides.close(True)
finally:
    os.killpg(office.pid, signal.SIGKILL)
    office.wait()
    shutil.rmtree(profile)
    os.unlink(f"/tmp/OSL_PIPE_{os.getuid()}_{pipe}")
    instance = hashlib.md5(uno.systemPathToFileUrl(profile).encode("utf-16-le")).digest()
    os.unlink(f"/tmp/OSL_PIPE_{os.getuid()}_SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in instance))
