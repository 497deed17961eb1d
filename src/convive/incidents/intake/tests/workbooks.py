"""Small workbooks for tests, where no program to make them is at hand."""

import io
import zipfile

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods_cell(text, kind="string", **attributes):
    said = "".join(f' office:{name}="{v}"' for name, v in attributes.items())
    return (
        f'<table:table-cell office:value-type="{kind}"{said}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def ods_row(*cells):
    drawn = [cell if cell.startswith("<") else ods_cell(cell) for cell in cells]
    return f"<table:table-row>{''.join(drawn)}</table:table-row>"


def ods(**sheets):
    """An OpenDocument spreadsheet of these sheets, each a string of rows."""
    tables = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>'
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {_SPACES}>'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zipped(
        {"mimetype": _TYPE, "content.xml": content, "META-INF/manifest.xml": manifest}
    )


def zipped(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


_SHEET_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(sheet_data, before="", more=None):
    """The least XLSX: `sheet_data` is XML of rows, `before` a document type."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    members = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" '
            f'ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{kind}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>"
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_SHEET_SPACE}" xmlns:r="{_RELATION}"><sheets>'
            '<sheet name="Hechos" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>"
        ),
        "xl/worksheets/sheet1.xml": (
            f'<?xml version="1.0"?>{before}<worksheet xmlns="{_SHEET_SPACE}">'
            f"<sheetData>{sheet_data}</sheetData></worksheet>"
        ),
    }
    return zipped(members | (more or {}))


def xlsx_row(number, *cells):
    drawn = [
        cell
        if cell.startswith("<c")
        else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
        for cell in cells
    ]
    return f'<row r="{number}">{"".join(drawn)}</row>'
