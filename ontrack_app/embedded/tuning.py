"""The only home of the settings that the embedded Postgres runs with: sized for a small machine, never unsafe for data."""

from pathlib import Path

FILE = "ontrack.conf"
SMALL_MACHINE = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "jit": "off",  # our statements are short; compiling them costs more than it saves
    "random_page_cost": "1.1",
    "io_method": "sync",  # no helper processes for reading
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "1",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "10min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "'%m [%p] %u '",
    "log_min_error_statement": "panic",  # statements carry what people typed
    "log_parameter_max_length_on_error": "0",
}
LOSE_ON_POWER_CUT = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def include(data: Path) -> None:
    """Makes a new cluster read our file after its own."""
    with (data / "postgresql.conf").open("a", encoding="ascii") as conf:
        conf.write(f"\ninclude_if_exists = '{FILE}'\n")


def write(data: Path, socket_dir: Path, *, durable: bool) -> list[Path]:
    """Writes our settings for the next start; returns the files written."""
    wanted = (
        SMALL_MACHINE
        | {"unix_socket_directories": f"'{socket_dir}'"}
        | ({} if durable else LOSE_ON_POWER_CUT)
    )
    path = data / FILE
    path.write_text("".join(f"{name} = {value}\n" for name, value in wanted.items()), encoding="ascii")
    path.chmod(0o600)
    return [path]
