package org.millrace.hl7;

import java.nio.charset.Charset;

/** How one message writes text: its delimiters, and the charset that {@code \Xhh\} bytes are in. */
record Dialect(Separators separators, Charset charset) {}
