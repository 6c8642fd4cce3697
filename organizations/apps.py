from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "Tổ chức"

    def ready(self) -> None:
        from accounts import access, acting, audit, navigation, places  # models must be loaded first
        from organizations import authority, doors, excel_doors, queries, related, sentences
        from organizations.services import imports
        from outbox import handlers

        access.register_authority(authority.holds)
        acting.register(queries.load_assignments)
        audit.describe(sentences.ORGANIZATIONS)
        places.register_tree(queries.names_under)
        places.register_former_paths(queries.former_paths)
        handlers.register(imports.READ, imports.read_batch, doing="Đang đọc tệp", failed="Không đọc được tệp")
        handlers.register(
            imports.APPLY, imports.apply_batch, doing="Đang ghi danh sách", failed="Không ghi được danh sách"
        )
        related.register(excel_doors.excel)
        related.register(doors.accounts_and_links)
        navigation.register(navigation.Section("Tổ chức", "organizations:tree", "organization", order=50))
