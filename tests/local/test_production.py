"""docker-compose.yml and the code agree: each setting is given, read, explained, and each command starts."""

from __future__ import annotations

import ast
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import yaml
from django.urls import get_resolver

from tests.pages.test_headers import routes
from weerbaar.files.uploads import MOST_REQUEST, largest_request
from weerbaar.local import install, postgres, var
from weerbaar.local.supervisor import Supervisor, end
from weerbaar.pages.middleware import HEADERS, HSTS
from weerbaar.vault import fresh
from weerbaar.zones import Zone

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
ZONES = ["publiek", "mijn", "beheer"]
DOT_ENV = {  # what an operator writes in .env
    "DOMAIN": "portaal.example.nl",
    "EMAIL_URL": "smtp://mail.example.nl",
    "TEAM_EMAIL": "team@example.nl",
    "TEAM_PHONE": "070-0000000",
} | {f"PASSWORD_{role}": "geheim" for role in ("OWNER", "PUBLIEK", "MIJN", "BEHEER", "WORKER")}
ELSEWHERE = {  # read by ./portaal alone, or given by the image
    *("BIND", "DATABASE_OWNER_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "EMBEDDED", "HOME", "LD_LIBRARY_PATH"),
    *("MAIL_DIR", "PATH", "PORT", "PRESS_MEMORY", "STATIC_ROOT", "VAR"),
}


# --- what the code reads --------------------------------------------------------------------------
def names_read() -> set[str]:
    """Every name that our code takes from the environment."""
    found = {f"SECRET_KEY_{zone.upper()}" for zone in ZONES}  # settings.py makes these names up
    for path in install.sources("*.py"):
        if "local" not in path.parts or path.name == "gunicorn.py":
            found |= set(names_in(ast.parse(path.read_text())))
    return found


def names_in(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and reads_environment(node.func):
            first = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            first = node.slice
        else:
            continue
        if isinstance(first, ast.Constant) and re.fullmatch("[A-Z][A-Z0-9_]+", str(first.value)):
            yield first.value


def reads_environment(function: ast.expr) -> bool:
    name = ast.unparse(function)
    return name.startswith("env.") or name in {"secret", "optional", "several", "os.environ.get", "os.getenv"}


# --- what compose gives ---------------------------------------------------------------------------
def fill_in(text: str) -> str:
    """Put the values of .env in, as compose does."""
    while (found := re.search(r"\$\{(\w+)(?::([-?])((?:[^{}]|\$\{\w+\})*))?\}", text)) is not None:
        name, kind, default = found.groups()
        assert name in DOT_ENV or kind == "-", f"{name} has no value and no default"
        text = text.replace(found[0], DOT_ENV.get(name, default or ""))
    return text


def given_to(name: str) -> dict[str, str]:
    """The environment of a service: its own lines, and the file with its keys."""
    service = SERVICES[name]
    given = {key: fill_in(str(value)) for key, value in service.get("environment", {}).items()}
    if "env_file" in service:
        process = re.fullmatch(r"keys/(\w+)\.env", service["env_file"])[1]
        given |= fresh.share(KEYS, process)
    return given


KEYS = fresh.environment()


@pytest.mark.parametrize("name", OURS)
def test_compose_gives_only_what_the_code_reads(name):
    assert set(given_to(name)) <= names_read()


def test_every_setting_can_be_given_in_production():
    given = set().union(*(given_to(name) for name in OURS))
    assert names_read() - given - ELSEWHERE == set()


def test_every_setting_is_explained():
    text = (ROOT / "docs" / "operations.md").read_text()
    explained = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", text))
    unexplained = (names_read() | set(DOT_ENV)) - explained - {"HOME", "PATH"}
    assert not unexplained


def test_no_zone_holds_the_secrets_of_another():
    for zone in ZONES:
        given = given_to(f"web-{zone}")
        secrets = {name for name in given if name.startswith("SECRET_KEY")}
        assert secrets == {f"SECRET_KEY_{zone.upper()}"}
        assert given["ZONES"] == zone
        assert f"portaal_{zone}:" in given["DATABASE_URL"]
    assert "team:" not in given_to("web-publiek")["VAULT_PRIVATE_KEYS"]
    assert not {"SECRET_KEY_PUBLIEK", "ZONES"} & set(given_to("worker"))


def test_the_database_is_made_as_the_embedded_one():
    from weerbaar.local.postgres import INITDB

    flags = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert INITDB.startswith(flags)
    given = re.findall(r"log_\w+=\w+", str(SERVICES["postgres"]["command"]))
    assert {"log_min_error_statement=panic", "log_error_verbosity=terse"} == set(given)  # no values in a log
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_what_an_operator_writes_down_here_gets_into_no_image_and_no_repository():
    beside = {"keys", "tls", ".env"}
    assert beside <= set((ROOT / ".dockerignore").read_text().split())
    assert beside <= {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()}
    named = re.findall(r"^ *volumes: .*\./(\w+):", (ROOT / "docker-compose.yml").read_text(), re.M)
    assert {
        *named,
        *(service["env_file"].split("/")[0] for service in OURS.values() if "env_file" in service),
    } <= beside


def test_the_scanner_sees_no_store_and_no_web_process():
    """It opens what strangers send, and fetches signatures: it is the first to fall."""
    with_it = {
        name
        for name, service in SERVICES.items()
        if set(service["networks"]) & set(SERVICES["clamav"]["networks"])
    }
    assert with_it == {"clamav", "worker", "worker-pdf"}
    assert COMPOSE["networks"]["inside"] == COMPOSE["networks"]["scanning"] == {"internal": True}


def test_nginx_writes_no_report_to_disk():
    nginx = COMPOSE["configs"]["nginx"]["content"]
    sizes = dict(re.findall(r"^ *(client_max_body_size|client_body_buffer_size) (\w+);", nginx, re.M))
    assert sizes["client_body_buffer_size"] == sizes["client_max_body_size"]
    assert "proxy_max_temp_file_size 0;" in nginx
    assert "/var/cache/nginx" in SERVICES["nginx"]["tmpfs"][0].split(":")  # a file is larger than the buffer
    assert SERVICES["clamav"]["tmpfs"] == ["/tmp"]


def test_nginx_lets_a_file_through_to_the_pages_that_take_one_and_to_no_other():
    nginx = COMPOSE["configs"]["nginx"]["content"]
    large = re.findall(r'location ~ "?(\S+?)"? \{ client_max_body_size (\d+)m;', nginx)
    taken = 0
    for zone in Zone:
        for path in routes(get_resolver(zone.urlconf).url_patterns):
            sizes = [int(size) for place, size in large if re.match(place.replace("$$", "$"), path)]
            most = largest_request(path, zone.urlconf)
            assert bool(sizes) == bool(most), path
            assert all(size * 1024**2 >= most for size in sizes), path
            taken += bool(sizes)
    assert largest_request("/beheer/netwerk/item/1/versie/", Zone.BEHEER.urlconf) > MOST_REQUEST
    assert taken == 5


def test_what_was_taken_in_can_be_removed_by_the_workers_alone():
    may_write = {
        name
        for name, service in OURS.items()
        if any(volume == "kept:/files/kept" for volume in service.get("volumes", []))
    }
    assert may_write == {"worker", "worker-pdf"}
    holds = {name for name in OURS if "service:files" in given_to(name).get("VAULT_PRIVATE_KEYS", "")}
    assert holds == {"worker", "worker-pdf", "beat"}


def test_what_is_out_can_be_changed_by_the_workers_alone():
    places = {"toolkit:/toolkit/files", "bundles:/toolkit/bundles"}
    for name, service in SERVICES.items():
        given = {volume for volume in service.get("volumes", []) if "/toolkit/" in volume}
        is_worker = name in ("worker", "worker-pdf")
        assert bool(places & given) == is_worker, name
        assert ("releases:/toolkit/incoming" in given) == (is_worker or name in ("web-mijn", "web-beheer"))
    assert "toolkit:/toolkit/files:ro" in SERVICES["nginx"]["volumes"]


def test_nginx_sends_a_file_as_strictly_as_we_do():
    nginx = COMPOSE["configs"]["nginx"]["content"]
    place = nginx.split("location /-/toolkit/ {")[1].split("        }\n")[0]
    given = dict(re.findall(r'add_header (\S+) "?([^"]+?)"? always;', place))
    assert given == HEADERS | {"Strict-Transport-Security": HSTS}
    assert "internal;" in place
    assert "add_header ETag $$upstream_http_etag;" in place
    assert "add_header Content-Security-Policy $$upstream_http_content_security_policy;" in place


def test_what_nginx_says_itself_is_as_strict_and_as_calm_as_our_own_pages():
    nginx = COMPOSE["configs"]["nginx"]["content"]
    page = nginx.split("location = /-/fout {")[1].split("\n", 1)[1].split("        }\n")[0]
    given = dict(re.findall(r'add_header (\S+) "?([^"]+?)"? always;', page))
    policy = given.pop("Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert given == HEADERS | {"Strict-Transport-Security": HSTS, "Cache-Control": "no-store"}
    assert "internal;" in page
    handled = re.search(r"error_page ([\d ]+) /-/fout;", nginx)[1].split()
    assert {"400", "413", "502", "504"} <= set(handled)
    html = re.search("return 200 '([^']+)';", page)[1]
    assert '<html lang="nl">' in html
    assert 'href="tel:112"' in html
    assert 'href="tel:$${TEAM_PHONE}"' in html
    assert "/verlaten/" in html
    assert not re.search("<script|<style|style=|https?:", html)
    assert "TEAM_PHONE" in SERVICES["nginx"]["environment"]
    assert "proxy_intercept_errors" not in nginx  # our own error pages go through


# --- every command starts -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def sockets(tmp_path_factory):
    """A PostgreSQL of our own, made as compose makes it: five roles and one database. Its socket folder."""
    folder = tmp_path_factory.mktemp("production")
    path = var.sockets(folder)
    cluster = postgres.cluster(folder, path, durable=False)
    cluster.create()
    supervisor, server = Supervisor(folder), cluster.service(dict(os.environ))
    supervisor.start(server)
    supervisor.wait_until_ready(server)
    env = {
        "PATH": f"{cluster.programs}:{os.environ['PATH']}",
        "PGHOST": str(path),
        "POSTGRES_USER": "postgres",
    }
    script = COMPOSE["configs"]["roles"]["content"].replace("$$", "$")
    subprocess.run(["sh", "-c", script], env=env | DOT_ENV, check=True, stdout=subprocess.DEVNULL)
    yield path
    end([server])
    for place in (cluster.folder, path):
        shutil.rmtree(place)


@pytest.fixture
def start(tmp_path, sockets):
    """Start a service's command as a process with its environment, at the addresses of this machine."""
    running: list[subprocess.Popen[bytes]] = []

    def go(name: str, **more: str) -> subprocess.Popen[bytes]:
        env = {"PATH": f"{install.VENV / 'bin'}:{os.environ['PATH']}"}
        env |= {"DJANGO_SETTINGS_MODULE": "weerbaar.settings"} | given_to(name)
        env["DATABASE_URL"] = env["DATABASE_URL"].replace("@postgres/", f"@{quote(str(sockets), safe='')}/")
        env["REDIS_URL"] = f"{os.environ['REDIS_URL']}?virtual_host=9"
        log = (tmp_path / name).open("wb")
        running.append(
            subprocess.Popen(OURS[name]["command"], cwd=ROOT, env=env | more, stdout=log, stderr=log)
        )
        return running[-1]

    yield go
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)


@pytest.fixture
def migrated(start, tmp_path):
    """The service `migrate` has run, as the others wait for; with nothing to do it takes a second."""
    assert start("migrate").wait(120) == 0, (tmp_path / "migrate").read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_for(question, process: subprocess.Popen[bytes], log: Path, seconds: float = 40):
    limit = time.monotonic() + seconds
    while True:
        try:
            if answer := question():
                return answer
        except OSError:
            pass
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < limit, log.read_text()
        time.sleep(0.1)


@pytest.mark.parametrize("zone", ZONES)
def test_a_zone_starts_and_is_ready(zone, start, migrated, tmp_path):
    name, port = f"web-{zone}", free_port()
    process = start(name, BIND=f"127.0.0.1:{port}", WEB_WORKERS="1")
    log = tmp_path / name
    assert wait_for(lambda: ask(port, "/livez"), process, log) == (200, "ok")
    assert ask(port, "/readyz") == (200, "ok"), log.read_text()
    others = {"publiek": "/", "mijn": "/mijn/", "beheer": "/beheer/"}
    del others[zone]
    assert [ask(port, path)[0] for path in others.values()] == [404, 404]


def test_the_ticks_of_beat_reach_both_workers(start, migrated, tmp_path, sockets):
    for name in ("worker", "worker-pdf", "beat"):
        process = start(name, AUDIT_ANCHOR_FILE=str(tmp_path / "heads"))
    with psycopg.connect(host=str(sockets), user="postgres", dbname="portaal", autocommit=True) as database:
        query = "SELECT count(*) FROM jobs_heartbeat WHERE name IN ('tick:default', 'tick:pdf')"
        wait_for(lambda: database.execute(query).fetchone() == (2,), process, tmp_path / "beat")


def test_a_missing_secret_is_one_clear_line(start, tmp_path):
    process = start("web-publiek", SECRET_KEY_PUBLIEK="")
    assert process.wait(20) != 0
    assert (
        (tmp_path / "web-publiek")
        .read_text()
        .strip()
        .splitlines()[-1]
        .startswith("Instelling SECRET_KEY_PUBLIEK")
    )
