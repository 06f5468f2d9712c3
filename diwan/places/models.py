"""Districts, streets, landmarks and land use. Shapes are WKB; each process keeps an index of them in memory."""

from django.db import models


class District(models.Model):
    """A district (حي): its names; its shape and municipality are dated in `DistrictShape`."""

    code = models.CharField(max_length=16, unique=True)
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=160)


class DistrictShape(models.Model):
    """Where a district lies and to which municipality it belongs, from when to when."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="shapes")
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    shape = models.BinaryField(help_text="WKB polygon or multipolygon, WGS84")
    approximate = models.BooleanField(default=False)
    source = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)


class Street(models.Model):
    """A named street with its line."""

    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    search_key = models.CharField(max_length=340, help_text="kit.arabic.normalise of both names")
    line = models.BinaryField(help_text="WKB line, WGS84")
    lat = models.FloatField()
    lng = models.FloatField()


class Landmark(models.Model):
    """A place people name: a mosque, a market, a school."""

    kind = models.CharField(max_length=40)
    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    search_key = models.CharField(max_length=340, help_text="kit.arabic.normalise of both names")
    lat = models.FloatField()
    lng = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["kind", "lat"], name="places_landmark_near")]


class LandUse(models.Model):
    """A zone of one land use (استعمال أرض), from when to when. What is allowed in each is data of the catalogue."""

    class Use(models.TextChoices):
        RESIDENTIAL = "residential", "residential"
        COMMERCIAL = "commercial", "commercial"
        MIXED = "mixed", "residential and commercial"
        INDUSTRIAL = "industrial", "industrial and workshops"
        PUBLIC = "public", "public services"

    use = models.CharField(max_length=12, choices=Use.choices)
    shape = models.BinaryField(help_text="WKB polygon or multipolygon, WGS84")
    source = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
