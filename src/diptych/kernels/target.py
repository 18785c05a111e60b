"""Which processor kernels are compiled for: identical bytes are promised on one such target only."""

import platform
from hashlib import blake2b

from llvmlite import binding  # type: ignore[import-untyped]  # no types shipped


def cpu_target() -> str:
    """Return architecture, processor name and a digest of its features, as the compiler sees them."""
    features = binding.get_host_cpu_features().flatten()
    digest = blake2b(features.encode(), digest_size=6).hexdigest()
    return f"{platform.machine()}-{binding.get_host_cpu_name()}-{digest}"
