from django.db import migrations

from shop_data.models.mirror import SearchField

HELD = """
UPDATE shop_data_abandonedcart SET held_search = (
    SELECT string_agg(lower(line ->> 'title'), E'\n')
    FROM jsonb_array_elements(lines) AS line
) WHERE jsonb_typeof(lines) = 'array'
"""


class Migration(migrations.Migration):
    """Keep what a cart holds as a text that is searched without taking its lines apart."""

    dependencies = [("shop_data", "0011_sales_by_hour")]

    operations = [
        migrations.AddField(
            model_name="abandonedcart",
            name="held_search",
            field=SearchField(),
        ),
        migrations.RunSQL(HELD, migrations.RunSQL.noop),
    ]
