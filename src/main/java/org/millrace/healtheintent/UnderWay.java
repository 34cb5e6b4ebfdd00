package org.millrace.healtheintent;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * One request below Camel's producer, where it can be cut off at its deadline however slowly the
 * answer drips, and where an answer without end is not read to its end. Thread-safe.
 */
final class UnderWay {
  private final int answerBytes;
  private @Nullable Cancellable request;
  private boolean over;
  private volatile boolean sent;

  UnderWay(int answerBytes) {
    this.answerBytes = answerBytes;
  }

  /** Ends it, be it that it has not begun. */
  synchronized void cut() {
    over = true;
    if (request != null) {
      request.cancel();
    }
  }

  /** Whether any byte of the request may have left. */
  boolean sent() {
    return sent;
  }

  /** The outermost step: content encodings are undone behind it. */
  ClassicHttpResponse outermost(ClassicHttpRequest each, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    begins(scope);
    ClassicHttpResponse response = chain.proceed(each, scope);
    if (response.getEntity() != null) {
      response.setEntity(new Bounded(response.getEntity(), answerBytes));
    }
    return response;
  }

  /** The innermost step, with a connection at hand. */
  ClassicHttpResponse innermost(ClassicHttpRequest each, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    sent = true;
    return chain.proceed(each, scope);
  }

  private synchronized void begins(ExecChain.Scope scope) {
    if (scope.originalRequest instanceof Cancellable cancellable) {
      request = cancellable;
      if (over) {
        cancellable.cancel();
      }
    }
  }

  /** An answer was longer than what is read. */
  static final class TooLargeException extends IOException {}

  private static final class Bounded extends HttpEntityWrapper {
    private final int most;

    Bounded(HttpEntity entity, int most) {
      super(entity);
      this.most = most;
    }

    @Override
    public InputStream getContent() throws IOException {
      return new BoundedStream(super.getContent(), most);
    }
  }

  private static final class BoundedStream extends FilterInputStream {
    private long left;

    BoundedStream(InputStream in, int most) {
      super(in);
      left = most;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = super.read(into, from, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int read) throws TooLargeException {
      left -= read;
      if (left < 0) {
        throw new TooLargeException();
      }
    }
  }
}
