"""Write crosswalk/mx.csv: every offence text of the Cuauhtémoc file, by rule.

The first rule that a text matches gives its code; a text that none matches is left
out, so that it shows up as unclassified instead of being guessed.
"""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

HERE = Path(__file__).parent
WITHOUT = r"SIN VIOLENCIA|S/V"
RULES: tuple[tuple[str, str], ...] = (
    (r"^TENTATIVA DE (HOMICIDIO|FEMINICIDIO)", "0102"),
    (r"^HOMICIDIO CULPOSO", "0103"),
    (r"^(HOMICIDIO|FEMINICIDIO)", "0101"),
    (r"LESIONES CULPOSAS", "0206"),
    (r"LESIONES (INTENCIONALES|DOLOSAS)|TORTURA", "02011"),
    (r"^VIOLENCIA FAMILIAR", "0201"),
    (r"AMENAZAS|INTIMIDACION", "02012"),
    (r"VIOLACION DE (CORRESPONDENCIA|LA INTIMIDAD)", "0211"),
    (r"VIOLACION|ESTUPRO", "03011"),
    (r"ABUSO SEXUAL|ACOSO SEXUAL|INTIMIDAD SEXUAL", "03012"),
    (r"LENOCINIO|PORNOGRAF|CORRUPCI.N DE PERSONAS MENORES", "0302"),
    (r"TRATA DE PERSONAS|TRAFICO DE INFANTES", "0204"),
    (r"EXPLOTACI.N LABORAL", "0203"),
    (r"SECUESTRO|PLAGIO", "020221"),
    (r"PRIVACION DE LA LIBERTAD|PRIV\. ILEGAL|DESAPARICION FORZADA", "02022"),
    (r"(SUSTRACCI.N|RETENCI.N).*MENORES", "02021"),
    (r"EXTORSION", "02051"),
    (r"DISCRIMINACION", "0210"),
    (r"DIFAMACION", "0209"),
    (r"OMISION DE AUXILIO", "0206"),
    (r"DISPAROS DE ARMA|PELIGRO DE CONTAGIO", "0207"),
    (r"ALLANAMIENTO", "0211"),
    (rf"ROBO.*CASA HABITACION.*({WITHOUT})", "05012"),
    (rf"ROBO.*(NEGOCIO|OFICINA|EMPRESA).*({WITHOUT})", "0502"),
    (rf"(ROBO.*VEHICULO DE SERVICIO|ROBO DE MOTOCICLETA|ROBO DE VEHICULO EN).*"
     rf"({WITHOUT})", "050211"),
    (r"ROBO DE (ACCESORIOS|PLACA)|ROBO DE OBJETOS DEL INTERIOR", "05021"),
    (r"ROBO.*(CON VIOLENCIA|C/V)", "0401"),
    (rf"ROBO.*({WITHOUT})|ROBO DE|TENTATIVA DE ROBO", "0502"),
    (r"DA.O EN PROPIEDAD AJENA|DA.O SUELO", "0504"),
    (r"NARCOMENUDEO|DELITOS CONTRA LA SALUD", "0601"),
    (r"FRAUDE|ABUSO DE CONFIANZA|FALSIFICACI|IDENTIDAD|FALSEDAD|DOCUMENTO FALSO|COHECHO"
     r"|PECULADO|PROCEDENCIA IL|ENRIQUECIMIENTO|CONCUSION|TRAFICO DE INFLUENCIA"
     r"|PRODUCCI.N, IMPRESI.N", "07"),
    (r"ARMA DE FUEGO|OBJETOS APTOS PARA AGREDIR", "0901"),
    (r"DESOBED|RESISTENCIA|ABUSO DE AUTORIDAD|ADMINISTRACION DE JUSTICIA|ENCUBRIMIENTO"
     r"|QUEBRANTAMIENTO|ELECTORALES|EVASION DE PRESOS|FUNCIONARIOS", "08"),
)  # fmt: skip
MECHANISMS = (
    (r"ARMA DE FUEGO", "firearm"),
    (r"ARMA BLANCA", "sharp"),
    (r"GOLPES", "bodily_force"),
    (r"AHORCAMIENTO", "strangulation"),
    (r"QUEMADURA", "fire"),
    (r"TR.NSITO VEHICULAR|TRANSITO VEHICULAR", "vehicle"),
)


def first(text: str, rules: tuple[tuple[str, str], ...]) -> str:
    return next((code for rule, code in rules if re.search(rule, text)), "")


def main() -> None:
    with gzip.open(HERE / "incidents/cuauhtemoc.csv.gz", "rt", encoding="utf-8") as f:
        terms = sorted({row["delito"].strip() for row in csv.DictReader(f)})
    with (HERE / "crosswalk/mx.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["term", "iccs", "mechanism", "relationship"])
        for term in terms:
            if code := first(term, RULES):
                is_family = term.startswith("VIOLENCIA FAMILIAR")
                writer.writerow(
                    [
                        term,
                        code,
                        first(term, MECHANISMS),
                        "other_family" if is_family else "",
                    ]
                )


if __name__ == "__main__":
    main()
