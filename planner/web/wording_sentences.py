"""A sentence for every code that comes with numbers. Placeholders carry the names the rules use; %% is a percent sign.

English here, Dutch in the catalogue. Read through `wording`, which fills in the numbers as people write them.
"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WEATHER: dict[str, LazyString] = {
    "thunder": _l("Thunder is expected around this time."),
    "thunder:%": _l("The chance of thunder is %(value)s%%."),
    "ice": _l("Freezing rain is expected. Paths can be icy."),
    "ice:°C": _l("Rain on cold ground, about %(value)s °C. Paths can be icy."),
    "gust": _l("Strong gusts of wind are expected."),
    "gust:km/h": _l("Gusts up to %(value)s km/h."),
    "daylight": _l("Part of the walk is in the dark."),
    "daylight:sunset": _l("The walk ends %(value)s after sunset."),
    "daylight:dusk": _l("The walk ends in the dark: it is dark for %(value)s by then."),
    "daylight:dawn": _l("The walk starts in the dark, %(value)s before it gets light."),
    "wind_chill": _l("It feels cold."),
    "wind_chill:°C": _l("It feels like %(value)s °C."),
    "heat": _l("It gets hot."),
    "heat:°C": _l("It gets %(value)s °C, or feels like it."),
    "rain": _l("Rain is expected."),
    "rain:mm/h": _l("%(value)s mm of rain in an hour."),
    "rain:mm/6h": _l("%(value)s mm of rain in six hours."),
    "snow": _l("Snow is expected."),
    "snow:cm/h": _l("%(value)s cm of snow in an hour."),
    "snow:cm/6h": _l("%(value)s cm of snow in six hours."),
    "slippery": _l("Paths can be slippery."),
    "slippery:°C": _l("Paths can be slippery: about %(value)s °C, and wet."),
    "fog": _l("Fog is expected."),
    "fog:%": _l("Fog over %(value)s%% of the area."),
    "fog:m": _l("Fog: you can see about %(value)s metres."),
    "rain_chance": _l("Rain is likely."),
    "rain_chance:%": _l("The chance of rain is %(value)s%%."),
    "uv": _l("The sun is strong. Bring a hat and sunscreen."),
    "uv:index": _l("The sun is strong, UV index %(value)s. Bring a hat and sunscreen."),
    "uv:shade": _l("The sun is strong, UV index %(value)s. Walk in the shade."),
    "uv:hour": _l("The sun is very strong, UV index %(value)s. Another hour is better."),
    "air": _l("The air is less clean."),
    "air:index": _l("The air is less clean: air quality index %(value)s."),
    "grass_pollen": _l("There is grass pollen in the air."),
    "grass_pollen:grains/m³": _l("Grass pollen: %(value)s grains in a cubic metre."),
    "birch_pollen": _l("There is birch pollen in the air."),
    "birch_pollen:grains/m³": _l("Birch pollen: %(value)s grains in a cubic metre."),
    "missing": _l("There is no complete forecast for this time yet."),
    "stale": _l("The forecast is too old to rely on."),
    "stale:h": _l("The forecast is %(value)s hours old. That is too old to rely on."),
}
WITH_LIMIT = frozenset(
    {"gust", "wind_chill", "heat", "rain", "snow", "rain_chance", "air", "grass_pollen", "birch_pollen"}
)
LIMIT = _l("Your limit is %(limit)s.")
LIMIT_AMONG = {
    "trees": _l("Your limit among trees is %(limit)s."),
    "dunes": _l("Your limit in the dunes is %(limit)s."),
}
ESTIMATED = _l("(estimated)")
PROVISIONAL = _l("provisional")

# What a plan or its minutes can be given to look at. `exercise` is its title, `codes` the words of cautions or weather.
PLAN: dict[str, LazyString] = {
    "same_day": _l("%(client)s already walks that day at %(at)s."),
    "next_day": _l("%(client)s walks on %(day)s too: two days in a row."),
    "dark": _l("It is dark then: the sun is down at %(at)s."),
    "dark_early": _l("It is still dark then: the sun is up at %(at)s."),
    "weather_red": _l("The weather does not suit walking outdoors. Look at other times."),
    "caution": _l("Take care with “%(exercise)s”: %(codes)s. Talk it over first."),
    "not_for_crisis": _l("“%(exercise)s” asks a lot in this phase."),
    "wrong_setting": _l("“%(exercise)s” does not work well in this place."),
    "no_phone": _l("There is no phone number of this client yet."),
    "time_over": _l(
        "Route and exercises take %(needed_min)s. With %(buffer_min)s of slack that is %(over_min)s too long."
    ),
    "exercises_over": _l("The exercises can take %(exercises_min)s. There is room for %(available_min)s."),
    "over_client_minutes": _l("This walk takes %(planned_min)s. At most %(most_min)s was agreed."),
    "no_place": _l("There is no route and no meeting point yet."),
    "crisis_long": _l("In this phase %(most_min)s is often enough. This walk takes %(planned_min)s."),
    "no_doing": _l("There is nothing to do in this plan yet. Choose an exercise."),
    "no_body": _l("The body does not join in yet. Choose breathing, body or senses."),
    "spoiled_by_weather": _l("“%(exercise)s” suits this weather less: %(codes)s."),
    "talking_long": _l("Talking takes %(talking_min)s. Shorter is often lighter."),
    "same_route": _l("The same route as last time. Another place can feel different."),
    "online_streak": _l("The last two times were at a distance. Outside together again?"),
    "green_short": _l("This plan has %(green_min)s of green. %(least_min)s is a good aim."),
    "no_silence": _l("There is no silent stretch in this plan yet."),
    "pin_late": _l("“%(exercise)s” stands at %(at_min)s, but then something else is going on."),
    "pin_passed": _l("“%(exercise)s” stands at a place that you have passed by then."),
    "pin_after_end": _l(
        "“%(exercise)s” stands at %(at_min)s: %(over_min)s too late. The latest that fits is %(latest_min)s."
    ),
    "pin_off_way": _l("“%(exercise)s” stands at a place where this walk does not come."),
    "pins_together": _l("%(exercises)s stand at the same moment. They follow each other."),
}

# After "time_over": what to leave out, and what that wins.
DROP: dict[str, LazyString] = {
    "enough": _l("Without %(exercises)s you win %(won_min)s."),
    "not_enough": _l("Without %(exercises)s you win %(won_min)s. Then it is still %(left_min)s too long."),
    "talk": _l("Make the talk or the silence %(talk_over_min)s shorter."),
    "way": _l("Choose a shorter route, or make the walk longer."),
}

# Why an exercise is suggested. `reason` is one of the four; `value` of `total` are walks, or times.
WHY: dict[str, LazyString] = {
    "low_load": _l("Easy to follow"),
    "least_served": _l("%(reason)s had the least room lately: %(value)s of %(total)s walks"),
    "adds": _l("Adds %(reason)s"),
    "body_joins": _l("The body joins in"),
    "serves": _l("For %(reason)s"),
    "worked_before": _l("Worked before"),
    "chosen_before": _l("Chosen %(value)s of %(total)s times"),
    "fits_weather": _l("Fine in this weather"),
    "not_lately": _l("Not done last time"),
    "often_refused": _l("Chosen %(value)s of %(total)s times"),
    "third_time": _l("Would be the third time in a row"),
    "needs_bench": _l("Needs a bench, and none is known on this route"),
}

# What speaks for a route and against it. `codes`: what is needed of it, or its surroundings.
ROUTE_WHY: dict[str, LazyString] = {
    "fits_time": _l("About %(value)s of walking."),
    "suits": _l("What is needed: %(codes)s."),
    "liked": _l("Liked: %(codes)s."),
    "never_walked": _l("Not walked together yet."),
    "weeks_ago": _l("Last walked together %(value)s before."),
    "trusted": _l("A familiar route."),
    "quiet_then": _l("Quiet at that time."),
    "sheltered": _l("There is shelter on the way."),
    "near_others": _l("%(value)s from the other walk that day."),
    "weather": _l("The weather does not suit walking there then."),
    "dark": _l("It is dark there then."),
    "too_long": _l("%(value)s too long. There is room for %(limit)s of walking."),
    "too_short": _l("Much shorter than the walk: %(value)s of walking. There is room for %(limit)s."),
    "done_early": _l("The route is done after %(value)s of walking. There is room for %(limit)s."),
    "far_away": _l("%(value)s away from where you walk."),
    "length_unknown": _l("It is not known how long this takes."),
    "suits_not": _l("Needed, and not so here: %(codes)s."),
    "avoided": _l("Rather not: %(codes)s."),
    "same_route": _l("The same as last time."),
    "green_short": _l("%(value)s of green. %(limit)s is a good aim."),
    "exposed": _l("No shelter from rain or wind."),
    "busy_then": _l("Busier at that time."),
    "far_from_others": _l("%(value)s from another walk that day, with little time between."),
    "suits_unknown": _l("Needed, and not known of this route: %(codes)s."),
    "lately": _l("Walked together %(value)s before."),
}
SAME_PLACE = _l("In the same place as the other walk that day.")
WALKED_AT_ONCE = _l("Less than a minute of walking.")
WEEK, WEEKS, UNDER_A_WEEK = _l("1 week"), _l("%(value)s weeks"), _l("less than a week")
UNDER_A_MINUTE = _l("less than a minute")
NO_ROUTE: dict[str, LazyString] = {
    "routes_long": _l(
        "No suitable route fits in the %(room_min)s there are for walking. The shortest takes %(shortest_min)s: "
        "%(over_min)s too long."
    ),
    "routes_far": _l(
        "All routes begin far from your home point in Settings. The nearest is %(nearest)s away. "
        "Choose one in the list if that is where you walk."
    ),
    "routes_short": _l(
        "There is room for %(room_min)s of walking. The longest route takes %(longest)s. "
        "Choose one in the list if that is what you want."
    ),
}

GPX_REFUSED: dict[str, LazyString] = {
    "empty": _l("This file is empty. Choose another GPX file."),
    "too_large": _l("This file is too large. Choose a GPX file of at most 5 MB."),
    "zip": _l("This is a zip file. Unpack it first and choose the GPX file in it."),
    "fit": _l("This is a FIT file. Export the route as GPX and choose that file."),
    "html": _l("This is a web page, not a route. Download the route again as GPX."),
    "kml": _l("This is a KML file. Export the route as GPX and choose that file."),
    "not_gpx": _l("This file holds no GPX route. Choose a GPX file."),
    "not_json": _l("This file cannot be read: it stops or breaks somewhere. Export the route again."),
    "not_geojson": _l("This file holds no route that we can read. Choose a GPX or GeoJSON file."),
    "doctype": _l(
        "This file has a part that can do harm, so it was not read. Export the route again as GPX."
    ),
    "encoding": _l("The letters in this file cannot be read. Export the route again as GPX."),
    "undeclared_prefix": _l(
        "This file was not written well at line %(line)s. Export the route again as GPX."
    ),
    "not_well_formed": _l(
        "This file stops or breaks at line %(line)s. Download or export the route again as GPX."
    ),
    "too_deep": _l("This file is built in a way we do not read. Export the route again as GPX."),
    "too_many_elements": _l("This file holds too much. Export only the route, without measurements."),
    "too_many_points": _l("This route has more than %(most)s points. Export a shorter or simpler route."),
    "too_many_routes": _l("This file holds %(routes)s routes. At most %(most)s fit in one file."),
    "no_line": _l("This file holds places but no route. Choose a file with a route or track."),
    "too_few_points": _l("This route has fewer than two points. Choose another file."),
    "too_many_bad_points": _l(
        "Too many points have no usable place: %(bad)s of %(points)s. Export the route again as GPX."
    ),
}
GPX_WARNING: dict[str, LazyString] = {
    "points_skipped": _l("Some points had no usable place. They were left out."),
    "gap": _l("There is a gap in this route. Look whether the line is right."),
    "several_tracks": _l("The file holds more than one track. They were put together."),
    "several_routes": _l("The file holds more than one route. They were put together."),
    "line_from_waypoints": _l("The file holds only places. The line goes from one to the next."),
    "no_elevation": _l("The file has no heights that can be used."),
    "times_dropped": _l("Times in the file were not kept: they tell where someone was."),
    "waypoints_dropped": _l("The file holds very many places. Not all were kept."),
}

# What is better about another hour than about the one that was asked.
GAIN: dict[str, LazyString] = {
    "no_thunder": _l("No thunder."),
    "no_ice": _l("No freezing rain."),
    "calmer": _l("Less wind."),
    "in_daylight": _l("In daylight."),
    "less_cold": _l("Less cold."),
    "cooler": _l("Less hot."),
    "dry": _l("Dry."),
    "drier": _l("Drier."),
    "no_snow": _l("No snow."),
    "firmer": _l("Paths are less slippery."),
    "clearer": _l("Less fog."),
    "less_sun": _l("The sun is less strong."),
    "fresher_air": _l("The air is cleaner."),
    "less_pollen": _l("Less pollen."),
    "known": _l("The weather is known already."),
    "little_rain": _l("Little rain."),
    "same_day": _l("On the same day."),
    "same_time": _l("At the same time of day."),
    "usual_day": _l("On a usual day."),
    "usual_time": _l("At about the usual time."),
    "as_good": _l("The weather is as good."),
}
GAIN_NUMBERS: dict[str, LazyString] = {
    "calmer": _l("Gusts up to %(value)s instead of %(instead)s km/h."),
    "less_cold": _l("It feels like %(value)s instead of %(instead)s °C."),
    "cooler": _l("%(value)s instead of %(instead)s °C."),
    "drier": _l("%(value)s instead of %(instead)s mm of rain in an hour."),
    "less_sun": _l("Strength of the sun %(value)s instead of %(instead)s."),
    "little_rain": _l("%(value)s mm of rain in an hour."),
}

# Why there is no hour at all: which wish stands in the way, and by how much.
HINDRANCE: dict[str, LazyString] = {
    "no_hours": _l("No working hours are set yet."),
    "days_off": _l("All these days are days off, or have no working hours left."),
    "hours_short": _l(
        "%(wanted_min)s is %(over_min)s too long for your working hours. At most %(fits_min)s fit."
    ),
    "daylight_short": _l(
        "%(wanted_min)s is %(over_min)s too long for the daylight in your working hours. At most %(fits_min)s fit."
    ),
    "busy": _l(
        "%(wanted_min)s is %(over_min)s too long for what is free in these days, with the time around it. "
        "At most %(fits_min)s fit."
    ),
    "weather": _l("There are free hours, but in none of them is the weather good enough."),
}
# Why an hour that was asked, or the usual one, cannot be.
CLOSED: dict[str, LazyString] = {
    "over": _l("it is over"),
    "soon": _l("it is too near to agree on it"),
    "holiday": _l("it is %(name)s, a day off"),
    "day_off": _l("it is a day off"),
    "walk": _l("there is a walk already, until %(at)s with the time around it"),
    "busy": _l("your agenda is taken until %(at)s"),
    "dark": _l("it is dark then, the sun is down at %(at)s"),
    "dark_early": _l("it is still dark then, the sun is up at %(at)s"),
    "no_hours_then": _l("you have no working hours that day"),
    "outside_hours": _l("it is outside your working hours, %(hours)s"),
}
NO_ROOM: dict[str, LazyString] = {
    "hours_short": _l("Your working hours have no room for a walk."),
    "daylight_short": _l("None of your working hours are in daylight."),
    "busy": _l("Nothing is free in these days."),
}
DARK_HOURS = _l("None of your working hours are in daylight. It is light from %(up)s to %(down)s.")
