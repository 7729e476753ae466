/** A check that cannot run here, with the reason. */
export class Skipped extends Error {}

/** Runs checks one after another, and prints one line about each. */
export class Checklist {
  private counts = { ok: 0, FAILED: 0, SKIPPED: 0 };

  /** Runs a check. It fails by an error, and can return what it measured. */
  public check<T>(title: string, body: () => T): T | undefined {
    const start = Date.now();
    const report = (result: keyof typeof this.counts, note?: string) => {
      this.counts[result]++;
      console.log(`${result} ${title}${note ? `: ${note}` : ''} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    };
    try {
      const value = body();
      report('ok', typeof value === 'string' ? value : undefined);
      return value;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      report(error instanceof Skipped ? 'SKIPPED' : 'FAILED', error.message);
      return undefined;
    }
  }

  public get summary(): string {
    return Object.entries(this.counts)
      .map(([result, count]) => `${count} ${result}`)
      .join(', ');
  }

  public get failed(): boolean {
    return this.counts.FAILED > 0 || this.counts.ok === 0;
  }
}
