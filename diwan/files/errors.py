"""Why an upload is refused. Each message says what was found, then what to do."""

from diwan.kit.errors import N_, DiwanError, plural_message


class UploadRefused(DiwanError):
    """Base of every refusal of a file's content, name or size: show it beside the field."""

    code = "files.refused"
    message = N_("This file can't be accepted. Choose another one.")


class EmptyFile(UploadRefused):
    """Nothing arrived, or a file of 0 bytes."""

    code = "files.empty"
    message = N_("The file is empty. Open it on your device to check it, then choose it again.")


class FileTooLarge(UploadRefused):
    """More bytes than the slot takes."""

    code = "files.too_large"
    message = N_(
        "The file is larger than {limit_mb} MB. Scan it at a lower resolution or split it, "
        "then attach it again."
    )


class ProgramRefused(UploadRefused):
    """A program, whatever its name says."""

    code = "files.program"
    message = N_("This is a program, not a document or photo. Attach the paper itself as a PDF or a photo.")


class WebPageRefused(UploadRefused):
    """HTML, XML or SVG."""

    code = "files.web_page"
    message = N_("This is a web page or a drawing for the web. Print it to PDF, then attach the PDF.")


class OfficeFileRefused(UploadRefused):
    """A Word, Excel or similar file: it may hold macros."""

    code = "files.office"
    message = N_("Word and Excel files can't be accepted. Save the file as PDF, then attach the PDF.")


class ArchiveRefused(UploadRefused):
    """zip, rar, 7z, gzip."""

    code = "files.archive"
    message = N_("Compressed files can't be accepted. Attach each paper inside it as a PDF or a photo.")


class KindNotAccepted(UploadRefused):
    """A kind of file that this slot does not take."""

    code = "files.kind"
    message = N_(
        "This kind of file can't be accepted here. Attach a PDF or a photo (JPEG, PNG, WebP or HEIC)."
    )


class OnlyPdf(UploadRefused):
    """A photo in a slot that takes PDF only."""

    code = "files.only_pdf"
    message = N_("A photo can't be accepted here. Attach the paper as a PDF.")


class OnlyImage(UploadRefused):
    """A PDF in a slot that takes photos only."""

    code = "files.only_image"
    message = N_("A PDF can't be accepted here. Attach a photo (JPEG, PNG, WebP or HEIC).")


class OnlyAudio(UploadRefused):
    """Something else than a recording in a slot for a voice note."""

    code = "files.only_audio"
    message = N_(
        "Only a voice recording can be taken here. Record it again, or write what you wanted to say."
    )


class RecordingTooLong(UploadRefused):
    """A recording beyond the slot's length."""

    code = "files.audio_length"
    message = plural_message(
        "The recording is longer than one second. Record a shorter one.",
        "The recording is longer than {seconds} seconds. Record a shorter one.",
        count="seconds",
    )


class DamagedFile(UploadRefused):
    """The content begins like a PDF or photo but cannot be read to its end."""

    code = "files.damaged"
    message = N_("The file is damaged or incomplete. Scan or photograph the paper again, then attach it.")


class EncryptedPdf(UploadRefused):
    """The PDF asks for a password or forbids reading."""

    code = "files.pdf_encrypted"
    message = N_("The PDF is protected with a password. Save a copy without a password, then attach it.")


class ActivePdf(UploadRefused):
    """The PDF holds scripts, launches programs or carries other files."""

    code = "files.pdf_active"
    message = N_(
        "The PDF holds a script or another file inside it. Print it to a new PDF, then attach the new one."
    )


class TooManyPages(UploadRefused):
    """More pages than the slot takes."""

    code = "files.pdf_pages"
    message = plural_message(
        "The PDF has more than one page. Attach the one page that is asked for.",
        "The PDF has more than {limit} pages. Attach only the pages that are asked for.",
        count="limit",
    )


class ImageTooLarge(UploadRefused):
    """More pixels than can be decoded safely."""

    code = "files.image_pixels"
    message = N_(
        "The photo is larger than {limit_mp} megapixels. Take it again at the usual size of your phone."
    )


class TooManyFiles(UploadRefused):
    """The slot is full."""

    code = "files.too_many"
    message = plural_message(
        "One file is enough here. Remove the one that is attached before you attach another.",
        "At most {most} files are taken here. Remove one before you attach another.",
        count="most",
    )


class CheckUnavailable(DiwanError):
    """The check itself could not run; nothing is wrong with the file."""

    code = "files.check_unavailable"
    message = N_("The file could not be checked just now. Try again in a moment; what you typed is kept.")


class NoSuchFile(DiwanError):
    """Unknown, discarded, or not the actor's to see: one answer for all."""

    code = "files.unknown"
    message = N_("There is no such file.")


REFUSALS: dict[str, type[DiwanError]] = {
    kind.code: kind
    for kind in (
        EmptyFile,
        FileTooLarge,
        ProgramRefused,
        WebPageRefused,
        OfficeFileRefused,
        ArchiveRefused,
        KindNotAccepted,
        OnlyPdf,
        OnlyImage,
        OnlyAudio,
        RecordingTooLong,
        DamagedFile,
        EncryptedPdf,
        ActivePdf,
        TooManyPages,
        ImageTooLarge,
        TooManyFiles,
        CheckUnavailable,
    )
}
