"""The media plane: voices and pictures inside a space.

`plane.py` is the contract. `embedded.py` is the plane in use: it forwards RTP without decoding, in
a worker process (`worker.py`). Everything below the contract is private to this package.

What the browser does
=====================

On every `Links(seat, up, down)` event (the first, and each rebuild): make two new connections, and
close the old ones when both are connected. Until then what the old ones carry goes on, and what is
sent is sent on all: the server takes from the new ones, and closes the old, from the moment both
new are connected to it. Each is `new RTCPeerConnection({bundlePolicy: "max-bundle", iceServers})`.

Up, the browser sends and offers, once:

    const voice = up.addTransceiver("audio", {direction: "sendonly"});
    const picture = up.addTransceiver("video", {
        direction: "sendonly", sendEncodings: [{maxBitrate: 1_200_000, maxFramerate: 30}]});
    const screen = up.addTransceiver("video", {
        direction: "sendonly", sendEncodings: [{maxBitrate: 1_500_000, maxFramerate: 15}]});
    await up.setLocalDescription();                // send it as `offer` on the link id `up`
    await up.setRemoteDescription(answer);         // when the `answer` on `up` arrives

Exactly these lines, all `sendonly`, no data channel: any other description is refused with
`bad_sdp` (the third one may be missing: nothing is shared then). The first video line is the
camera's, the second the screen's. No munging and no codec preferences: the answer takes Opus and
VP8 and nothing else, and asks for transport-wide feedback, so that the camera reaches its bitrate
within two seconds, and for the level of each packet of sound (RFC 6464), so that the worker knows
who speaks without decoding.

In the lobby nothing is sent: connect with `replaceTrack(null)`; once admitted
`voice.sender.replaceTrack(microphone)`, `picture.sender.replaceTrack(camera)`. Muting is
`replaceTrack(null)` or `track.enabled = false`; the server's `microphone` stands above both.
Set `track.contentHint = "motion"` on a camera, or leave it, and "text" on a screen;
`degradationPreference` stays `balanced`. A screen is sent with `screen.sender.replaceTrack(track)`
and reaches the others while the server's `screen` for this seat is on. A second offer on the same
link is `out_of_turn`: a rebuild needs new links.

Down, the server offers, once, and the browser answers, once:

    await down.setRemoteDescription(offer);        // the `offer` that comes on the link id `down`
    await down.setLocalDescription();              // send it as `answer`
    down.ontrack = ({transceiver, streams}) => {
        const slot = Math.floor(Number(transceiver.mid) / 2);   // 0 … SLOTS-1; SLOTS: the screen
        elements[slot].srcObject = streams[0];                  // msid "slot-0", both kinds
    };

The offer always has 2 × SLOTS + 1 lines in this order: mid `2*i` is the voice and mid `2*i + 1`
the picture of slot `i`, both in the stream `slot-i` (so that lips and voice agree); the last one,
mid `2*SLOTS`, in the stream `screen`, is the shared screen. `transceiver.mid` is the mapping;
nothing else is needed. All tracks exist from the start and are muted or silent while their line is
empty. Who is in which slot, and whose screen it is, comes with `Slots` and changes without any
negotiation: the page hides a line's picture when it becomes None (the element keeps its last frame)
and shows it at `Slots` and the first new frame (`requestVideoFrameCallback`). While more people are
in a space than there are slots, whoever begins to speak gets the slot of the one who has been
silent longest, unless that one is pinned.

Candidates: the server's are all in its descriptions. The browser may send its own as `candidate`
signals (the text of `event.candidate.candidate`; the empty last one may be sent or not). None is
needed, and `.local` names are ignored: the server learns the browser's address from its first
check. On a machine whose only address is 127.0.0.1 Chromium gathers nothing at all, unless started
with `--allow-loopback-in-peer-connection`.

Loss: on each link the server sends RTCP every second even when nobody speaks. When
`packetsReceived` of the `transport` report in `getStats()` has not grown for 3 s, on either link,
or `connectionState` is `failed`, ask for new links (`MediaPlane.open`, `beside`). Ask for them,
too, while the old ones may still work: on another network, after a sleep, when one is
`disconnected`. The server says `LinkState(lost)` when it has heard nothing from a browser for 8 s,
and closes that link.
"""
