/** A check that cannot run here, with the reason. */
export class Skipped extends Error {}

/** Runs checks one after another, and prints one line about each. */
export class Checklist {
  private counts = { ok: 0, FAILED: 0, SKIPPED: 0 };

  /** Runs a check. It fails by an error, and can return what it measured. */
  public check<T>(title: string, body: () => T): T | undefined {
    const report = this.start(title);
    try {
      return report.passed(body());
    } catch (error) {
      return report.failed(error);
    }
  }

  /** Runs a check that waits for something. */
  public async wait<T>(title: string, body: () => Promise<T>): Promise<T | undefined> {
    const report = this.start(title);
    try {
      return report.passed(await body());
    } catch (error) {
      return report.failed(error);
    }
  }

  public get summary(): string {
    return Object.entries(this.counts)
      .map(([result, count]) => `${count} ${result}`)
      .join(', ');
  }

  /** Whether a check failed, or there was none. */
  public get failed(): boolean {
    return this.counts.FAILED > 0 || (this.counts.ok === 0 && !this.skipped);
  }

  public get skipped(): boolean {
    return this.counts.SKIPPED > 0;
  }

  private start(title: string) {
    const start = Date.now();
    const print = (result: keyof typeof this.counts, note?: string) => {
      this.counts[result]++;
      console.log(`${result} ${title}${note ? `: ${note}` : ''} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    };
    return {
      passed: <T>(value: T): T => {
        print('ok', typeof value === 'string' ? value : undefined);
        return value;
      },
      failed: (error: unknown): undefined => {
        if (!(error instanceof Error)) throw error;
        print(error instanceof Skipped ? 'SKIPPED' : 'FAILED', error.message);
      },
    };
  }
}
