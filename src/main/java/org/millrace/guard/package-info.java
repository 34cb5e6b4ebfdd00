/**
 * Who may do what: callers over HTTP, by the key or token they show and what their scopes allow,
 * and people at the console, by their account and its role.
 *
 * <p>Whatever is asked of the engine names what it needs, and whoever asks is allowed what their
 * scopes or role say and nothing else. The package decides and knows no HTTP server: faces hand it
 * what a request shows, and answer in their own form. It knows the journal, which holds what keys
 * and passwords are known by.
 */
@NullMarked
package org.millrace.guard;

import org.jspecify.annotations.NullMarked;
