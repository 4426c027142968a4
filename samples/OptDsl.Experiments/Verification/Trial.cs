using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>One run of a system: what is random in it, and where its tables and pictures go.</summary>
/// <param name="seed">Of everything random.</param>
/// <param name="exhibits">Takes what is shown; null where only numbers are wanted, as in <c>verify</c>.</param>
/// <param name="progress">Told what is being done, by runs that take long; null where nobody watches.</param>
/// <param name="cancellation">Asks to stop.</param>
internal sealed class Trial(ulong seed, ExhibitList? exhibits = null, Action<string>? progress = null,
    CancellationToken cancellation = default)
{
    internal ulong Seed => seed;

    /// <summary>
    /// Whether the same claims are wanted from fewer or shorter runs, where a system takes long. The unit tests ask for that, and nothing
    /// else.
    /// </summary>
    internal bool IsSmall { get; init; }

    internal CancellationToken Cancellation => cancellation;

    /// <summary>Images of the user's, for a system that <see cref="VerificationSystem.ReadsImages"/>; the shipped ones if null.</summary>
    internal LabelledImages? Images { get; init; }

    /// <summary>Whether tables and pictures are looked at: what only they need may be left out otherwise.</summary>
    internal bool IsShown => exhibits is not null;

    internal void Show(DataTable table) => exhibits?.Tables.Add(table);

    internal void Show(Picture picture) => exhibits?.Pictures.Add(picture);

    /// <summary>Draws, to be written as files besides.</summary>
    /// <param name="name">Of the files, unique in the system.</param>
    /// <param name="samples">The draws.</param>
    internal void Show(string name, Samples<double> samples) => exhibits?.Draws.Add((name, samples));

    /// <summary>A sentence under the exhibits: what the run showed that no claim asserts.</summary>
    internal void Note(string sentence) => exhibits?.Notes.Add(sentence);

    internal void Report(string what) => progress?.Invoke(what);
}

/// <summary>The tables, pictures and draws of a run, in the order they were shown.</summary>
internal sealed class ExhibitList
{
    internal List<DataTable> Tables { get; } = [];

    internal List<Picture> Pictures { get; } = [];

    internal List<(string Name, Samples<double> Samples)> Draws { get; } = [];

    internal List<string> Notes { get; } = [];
}
