from django.db import migrations

# What an update showed before it shows after it too.
SINCE_THE_FIRST_ORDER = """
UPDATE tenants_tenantstate AS state SET known_since_at = first.at
FROM (
    SELECT tenant_id, min(processed_at) AS at FROM shop_data_order
    WHERE counts GROUP BY tenant_id
) AS first
WHERE state.tenant_id = first.tenant_id AND state.known_since_at IS NULL
"""


class Migration(migrations.Migration):
    """Know existing shops, whose history may have come through the inbox, from their first order."""

    dependencies = [
        ("webhooks", "0004_count_deliveries"),
        ("tenants", "0003_known_since"),
        ("shop_data", "0006_shipping_given_back"),
    ]

    operations = [migrations.RunSQL(SINCE_THE_FIRST_ORDER, migrations.RunSQL.noop)]
