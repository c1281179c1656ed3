"""The program that makes WebP images, with real images."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.host.server import REPOSITORY

SIZE = (40, 30)
TOP_LEFT = (200, 10, 30)


def convert(source: Path) -> subprocess.CompletedProcess[str]:
    """Run the program; the result is beside the source."""
    program = str(REPOSITORY / "host/bin/make-webp")
    command = [sys.executable, program, str(source), f"{source}.webp"]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def result(source: Path) -> Image.Image:
    done = convert(source)
    assert done.returncode == 0, done.stderr
    image = Image.open(f"{source}.webp")
    assert (image.format, image.size) == ("WEBP", SIZE)
    return image


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_png_is_kept_exactly(tmp_path: Path, mode: str) -> None:
    original = Image.radial_gradient("L").resize(SIZE).convert(mode)
    original.save(tmp_path / "logo.png")
    found = result(tmp_path / "logo.png")
    assert found.convert("RGBA").tobytes() == original.convert("RGBA").tobytes()


def test_the_colour_under_transparent_pixels_is_kept(tmp_path: Path) -> None:
    Image.new("RGBA", SIZE, (*TOP_LEFT, 0)).save(tmp_path / "logo.png")
    assert result(tmp_path / "logo.png").getpixel((0, 0)) == (*TOP_LEFT, 0)


def test_a_colour_that_is_transparent_stays_transparent(tmp_path: Path) -> None:
    Image.new("RGB", SIZE, TOP_LEFT).save(tmp_path / "logo.png", transparency=TOP_LEFT)
    assert result(tmp_path / "logo.png").convert("RGBA").getpixel((0, 0)) == (*TOP_LEFT, 0)


def test_colour_profile_and_orientation_of_a_photo_are_kept(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", SIZE, TOP_LEFT).save(tmp_path / "a.jpg", icc_profile=profile, exif=exif)
    found = result(tmp_path / "a.jpg")
    assert found.info["icc_profile"] == profile
    assert found.getexif()[0x0112] == 6


@pytest.mark.parametrize(("name", "mode"), [("print.jpg", "CMYK"), ("scan.png", "I;16")])
def test_a_colour_space_that_webp_does_not_have_is_an_error(
    tmp_path: Path, name: str, mode: str
) -> None:
    Image.new(mode, SIZE).save(tmp_path / name)
    done = convert(tmp_path / name)
    assert (done.returncode, f"no colour space {mode}" in done.stderr) == (1, True)
    assert not (tmp_path / f"{name}.webp").exists()


def test_what_is_not_an_image_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"<html>not found</html>")
    assert convert(tmp_path / "logo.png").returncode == 1
