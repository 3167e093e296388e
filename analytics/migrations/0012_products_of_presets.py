from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep all products of presets; the worker writes its boards again."""

    dependencies = [("analytics", "0011_carts_by_currency")]

    operations = [
        migrations.AddField(
            "productboard", "every", ArrayField(ArrayField(models.BigIntegerField()), null=True)
        ),
        migrations.RunSQL("DELETE FROM analytics_productboard", migrations.RunSQL.noop),
    ]
