package org.millrace.replay;

import java.net.URI;
import java.util.Optional;

/**
 * Where the engine of a run is reached.
 *
 * @param http root of its HTTP side, without a slash at the end
 * @param management root of its management side; empty for a running engine whose state we do not
 *     ask for
 * @param sandboxControl the sandbox's control endpoint; empty for a running engine with its own
 *     Cerner
 */
public record Target(
    String mllpHost,
    int mllpPort,
    URI http,
    Optional<URI> management,
    Optional<URI> sandboxControl) {}
