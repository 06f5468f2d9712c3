"""The powers over register entries."""

from diwan.people.registry import declare_permission

MAY_SUSPEND = declare_permission(
    "registers.suspend", ar="إيقاف رخصة ورفع الإيقاف عنها", en="Suspend a licence and lift the suspension"
)
MAY_REVOKE = declare_permission("registers.revoke", ar="إلغاء رخصة بقرار", en="Revoke a licence")
