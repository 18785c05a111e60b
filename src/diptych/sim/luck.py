"""Draws by name: which physical event each draw of a run belongs to.

Every function here is pure: the same seed, replicate and event give the same value, whatever was drawn before. The
identities are listed in docs/explanation/luck.md; names are hashed once per run.
"""

import math

import msgspec
import numpy as np

from diptych.kernels.draws import draw4, name_hash, normal_quantile, normals_many
from diptych.model.picture import Floats

PURPOSES = ("launch-error", "hit", "common-cause", "availability", "stage", "link", "assess", "tie", "conduct", "lie")


class Luck(msgspec.Struct, frozen=True):
    """The luck of one replicate: purposes and names are hashes, looked up once.

    `is_hit_by_shooter` keys hits by the shooter as well; only verification asks for that, to show what it would cost.
    """

    seed: int
    replicate: int
    purposes: dict[str, int]
    names: dict[str, int]
    is_hit_by_shooter: bool = False

    def name(self, text: str) -> int:
        """Return the hash of a name, remembered."""
        found = self.names.get(text)
        if found is None:
            found = self.names[text] = name_hash(text)
        return found


def luck_of(seed: int, replicate: int) -> Luck:
    """Return the luck of one replicate."""
    return Luck(seed, replicate, {p: name_hash(p) for p in PURPOSES}, {})


def launch_errors(luck: Luck, objects: tuple[int, ...], sigma_mps: float) -> Floats:
    """Return the burnout velocity error of each object, (n, 3) m/s ECEF. Event: (object)."""
    ids = np.array(objects, dtype=np.int64)
    zero = np.zeros_like(ids)
    z = normals_many(luck.seed, luck.replicate, luck.purposes["launch-error"], ids, zero, zero)
    return np.asarray(sigma_mps * z[:, :3], dtype=np.float64)


def hit_chance(luck: Luck, object_hash: int, ordinal: int, shooter: str) -> float:
    """Return u of an intercept attempt; it kills if u < pk. Event: (object, ordinal of the attempt in time order)."""
    by = luck.name(shooter) if luck.is_hit_by_shooter else 0
    return float(draw4(luck.seed, luck.replicate, luck.purposes["hit"], object_hash, ordinal, by)[0])


def common_cause_chance(luck: Luck, object_hash: int, class_id: str) -> float:
    """Return u of a failure that hits every shot of a class at an object. Event: (object, interceptor class).

    Not keyed by the complex: whoever fires interceptors of that class meets the same flaw.
    """
    return float(
        draw4(luck.seed, luck.replicate, luck.purposes["common-cause"], object_hash, luck.name(class_id), 0)[0]
    )


def availability_chance(luck: Luck, site: str) -> float:
    """Return u of a site; it is in service in this replicate if u < its availability. Event: (site)."""
    return float(draw4(luck.seed, luck.replicate, luck.purposes["availability"], luck.name(site), 0, 0)[0])


def stage_time(luck: Luck, mid_s: float, spread: float, voice: int, act: str, object_hash: int) -> float:
    """Return the time one act takes: lognormal about the middle. Event: (kind of role, stage, object).

    The kind of role is the act itself and which voice of it: the same act by the same kind of role takes the same time
    under every arrangement, whoever's officer performs it.
    """
    u = draw4(luck.seed, luck.replicate, luck.purposes["stage"], voice, luck.name(act), object_hash)[0]
    return mid_s * math.exp(spread * normal_quantile(u))


def link_time(luck: Luck, mid_s: float, spread: float, link: str, product: str, object_hash: int, number: int) -> float:
    """Return the time a record takes to be let out and passed on. Event: (link, product and number, object)."""
    kind = luck.name(f"{product}#{number}")
    u = draw4(luck.seed, luck.replicate, luck.purposes["link"], luck.name(link), kind, object_hash)[0]
    return mid_s * math.exp(spread * normal_quantile(u))


def assess_chance(luck: Luck, is_shooter: bool, object_hash: int, ordinal: int) -> float:
    """Return u of a kill assessment; it is wrong if u < its error. Event: (shooter's or onlooker's, object, attempt).

    Not keyed by the complex: the shooter of an attempt judges it with the same luck under every arrangement.
    """
    who = 0 if is_shooter else 1
    return float(draw4(luck.seed, luck.replicate, luck.purposes["assess"], who, object_hash, ordinal)[0])


def conduct_chance(luck: Luck, what: str, object_hash: int, number: int) -> float:
    """Return u of a change of conduct that has a probability. Event: (actor and what it does, object, number)."""
    return float(draw4(luck.seed, luck.replicate, luck.purposes["conduct"], luck.name(what), object_hash, number)[0])


def lie_azimuth_rad(luck: Luck, actor: str, object_hash: int) -> float:
    """Return which way a deceiver moves an object, from north, the same in all it tells. Event: (actor, object)."""
    u = draw4(luck.seed, luck.replicate, luck.purposes["lie"], luck.name(actor), object_hash, 0)[0]
    return float(2.0 * math.pi * u)


def tie_break(luck: Luck, time_s: float, object_hash: int, node: str) -> float:
    """Return the tie-break of equal times. Event: (time, object, node)."""
    ticks = round(time_s * 1e6)
    return float(draw4(luck.seed, luck.replicate, luck.purposes["tie"], ticks, object_hash, luck.name(node))[0])
