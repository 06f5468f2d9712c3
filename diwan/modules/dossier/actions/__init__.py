"""What can be done with the file of a case or licence."""

from diwan.modules.dossier.actions.make_dossier import Made, make_case_file, make_licence_file

__all__ = ["Made", "make_case_file", "make_licence_file"]
