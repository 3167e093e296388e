from django.db import migrations, models

# Entries of before get numbers in their order, and no hash: they are older than the chain.
NUMBER_ENTRIES = """
UPDATE tenants_auditentry AS entry SET number = numbered.number
FROM (
    SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id ORDER BY at, id) AS number
    FROM tenants_auditentry
) AS numbered
WHERE entry.tenant_id = numbered.tenant_id AND entry.id = numbered.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0005_privacy'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditentry',
            name='number',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='sha256',
            field=models.BinaryField(default=b''),
            preserve_default=False,
        ),
        migrations.RunSQL(NUMBER_ENTRIES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='auditentry',
            name='number',
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='at',
            field=models.DateTimeField(),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='audit_entry_number'),
        ),
    ]
