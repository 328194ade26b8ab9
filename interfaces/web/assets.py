"""Assets: our own styles and modules under an address that changes with them, and the bundle that draws charts."""

from __future__ import annotations

import asyncio
import gzip
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).parent / "static"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ASK_AGAIN = {"Cache-Control": "no-cache"}
SCRIPT = "text/javascript; charset=utf-8"
_MAKE_CHARTS = "import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;'))"


def _fingerprint() -> str:
    """Changes when any asset does, or what draws the charts."""
    digest = sha256(version("vl-convert-python").encode())
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(FOLDER)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


ADDRESS = f"/static/{_fingerprint()}"
"""Where pages find assets. Modules name each other relatively, so they change address together."""
router = APIRouter(include_in_schema=False)


class _Kept(StaticFiles):
    """Files whose address changes with them, so a browser may keep them for ever."""

    def file_response(self, *given: object, **named: object) -> Response:
        response = super().file_response(*given, **named)  # type: ignore[arg-type]  # handed on as they came
        response.headers.update(FOR_EVER)
        return response


class ChartBundle:
    """Vega, Vega-Lite and Vega-Embed as one script, which the vl-convert wheel carries.

    Made once a process, in a process of its own: making it takes 200 MB for a second.
    """

    def __init__(self) -> None:
        self._made: bytes | None = None
        self._making = asyncio.Lock()

    async def zipped(self) -> bytes:
        """The script, gzip."""
        async with self._making:
            if self._made is None:
                maker = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", _MAKE_CHARTS, stdout=asyncio.subprocess.PIPE
                )
                script, _ = await maker.communicate()
                if maker.returncode:
                    raise ChildProcessError("the bundle of the charts could not be made")
                self._made = await asyncio.to_thread(gzip.compress, script)
        return self._made


@router.get(f"{ADDRESS}/charts-bundle.js")
async def charts_bundle(request: Request) -> Response:
    """What draws the charts."""
    zipped = await request.app.state.chart_bundle.zipped()
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(zipped, media_type=SCRIPT, headers=FOR_EVER | {"Content-Encoding": "gzip"})
    return Response(gzip.decompress(zipped), media_type=SCRIPT, headers=FOR_EVER)


@router.get("/sw.js")
async def service_worker() -> Response:
    """The service worker: at the top, since it may only watch over what lies below its own address.

    It names its modules where they are now, so it is another one, and installed anew, whenever any asset is.
    """
    script = (FOLDER / "worker" / "sw.js").read_text(encoding="utf-8")
    return Response(script.replace('from "./', f'from "{ADDRESS}/worker/'), media_type=SCRIPT, headers=ASK_AGAIN)


@router.get("/favicon.ico")
async def icon() -> Response:
    """The mark of the pages, for who asks without reading one."""
    return FileResponse(FOLDER / "icon.svg", media_type="image/svg+xml", headers=FOR_EVER)


def install(app: FastAPI) -> None:
    """Serve the assets."""
    app.state.chart_bundle = ChartBundle()
    app.include_router(router)
    app.mount(ADDRESS, _Kept(directory=FOLDER), name="static")
