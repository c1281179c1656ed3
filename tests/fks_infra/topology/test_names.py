"""The DNS names of a stack."""

from fks_infra.topology.names import host_name, host_names, instance_id_in, server_label


def test_names_need_a_domain_and_the_extra_labels_and_nothing_else() -> None:
    hosts = host_names("shop.example", ["docs"])
    assert [(host.key, host.role, host.fqdn) for host in hosts] == [
        ("auth", "auth", "auth.shop.example"),
        ("api", "api", "api.shop.example"),
        ("web", "web", "shop.example"),
        ("extra-docs", "web", "docs.shop.example"),
    ]


def test_a_label_is_unique_for_each_stack_and_a_host_name_for_each_instance() -> None:
    assert server_label("prod", "web") == "fks-prod-web"
    assert host_name("web", "1018") == "fks-web-1018"


def test_the_instance_id_is_read_from_a_servers_host_name_only() -> None:
    assert instance_id_in(host_name("single", "77")) == "77"
    assert instance_id_in("laptop-77") is None
    assert instance_id_in("fks-web-77-1") is None
