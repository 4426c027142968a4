namespace OptDsl.Experiments;

/// <summary>An experiment whose outcome is claimed in <see cref="Claims"/>: a numbered system, or a reference posterior.</summary>
internal abstract class VerificationSystem
{
    /// <summary>Its number, such as <c>S40</c>, or the posterior's model.</summary>
    internal abstract string Id { get; }

    /// <summary>What it shows, in a few words.</summary>
    internal abstract string Title { get; }

    /// <summary>
    /// What is done and what is to be seen, for the system's page and report: paragraphs of Markdown, of which only `code` is used.
    /// </summary>
    internal virtual string Text => "";

    /// <summary>The seeds <c>verify</c> runs; one where nothing is random, at least three where a claim is statistical.</summary>
    internal virtual IReadOnlyList<ulong> Seeds => [0];

    /// <summary>Whether it runs on images, and so on the user's.</summary>
    internal virtual bool ReadsImages => false;

    /// <summary>Runs the experiment once.</summary>
    /// <param name="trial">Its seed, and where its tables and pictures go.</param>
    /// <returns>A number for every claim of the system.</returns>
    internal abstract IEnumerable<Measurement> Run(Trial trial);
}

/// <summary>A number measured for a claim.</summary>
internal readonly record struct Measurement(string ClaimId, double Value);

/// <summary>A measurement held against its claim.</summary>
internal sealed record VerificationRow(Claim Claim, double Measured, ulong Seed, double Seconds)
{
    internal bool Passed => Claim.Holds(Measured);
}
