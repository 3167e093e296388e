from django.db import migrations

DERIVE_AGAIN = """
INSERT INTO shop_data_rederivation (tenant_id, id, done_to)
SELECT tenant_id, gen_random_uuid(), 0 FROM shop_data_sale
WHERE action = 'return'
GROUP BY tenant_id
ON CONFLICT (tenant_id) DO UPDATE SET done_to = 0
"""


class Migration(migrations.Migration):
    """Book goodwill after a cancellation, and refunds without a date when they were first seen."""

    dependencies = [("shop_data", "0012_what_carts_hold")]

    operations = [migrations.RunSQL(DERIVE_AGAIN, migrations.RunSQL.noop)]
