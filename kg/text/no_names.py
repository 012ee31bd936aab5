"""Capitalised words that are no name by themselves: sentence openers, months, titles, common nouns in headlines."""

from __future__ import annotations

# fmt: off
NO_NAMES = frozenset(
    (
        "A", "AI", "APT", "APTs", "C2", "DDoS", "IP", "IPs", "NGO", "NGOs", "PR", "SMS", "TTP", "TTPs",
        "URL", "URLs", "VPN", "About", "Above", "According", "Account", "Accounts", "Across", "Activists",
        "Actor",
        "Actors", "Admiral", "Africa", "After", "Against", "Agency", "All", "Also", "Although", "Ambassador",
        "Among", "An", "Analysts", "And", "Another", "Any", "Anyone", "April", "Arabic", "Are", "Army", "Around",
        "Article", "Articles", "As", "Asia", "At", "Attackers", "August", "Avenue", "BREAKING", "Bad", "Bank",
        "Be", "Because", "Been", "Before", "Below", "Between", "Big", "Bishop", "Black", "Bloggers", "Blue",
        "Both", "Bots", "Breaking", "But", "By", "CEO", "CFO", "COO", "COVID", "COVID-19", "CTO", "Campaign",
        "Can", "Candidates", "Captain", "Catholic", "Center", "Central", "Centre", "Chairman", "Channel",
        "Channels", "Chief", "Chinese", "Christian", "Christians", "Christmas", "Church", "Citizens", "City",
        "Claim", "Claims", "Clip", "Clips", "Cold", "College", "Colonel", "Commission", "Committee", "Companies",
        "Company", "Congress", "Conservative", "Conservatives", "Conspiracy", "Content", "Could", "Council",
        "County", "Court", "Covid", "Creators", "Data", "Dear", "December", "Deepfake", "Deepfakes", "Democrat",
        "Democrats", "Department", "Despite", "Did", "Director", "Do", "Document", "Documents", "Does", "Dr",
        "During", "Each", "Earlier", "Early", "East", "Easter", "Eastern", "Editor", "Election", "Elections",
        "Embassy", "English", "Europe", "European", "Even", "Every", "Everyone", "Exclusive", "Experts", "Fact",
        "Facts", "False", "February", "Figure", "Finally", "Firm", "First", "Footage", "For", "Former",
        "Foundation", "French", "Friday", "From", "Further", "General", "German", "God", "Good", "Government",
        "Governor", "Great", "Green", "Group", "Groups", "Hackers", "Had", "Has", "Have", "He", "Hebrew",
        "Hello", "Her", "Here", "Hi", "Hindi", "His", "Hospital", "House", "How", "However", "I", "II", "III",
        "IV", "If", "Image", "Images", "In", "Influencers", "Instead", "Institute", "Internet", "Is", "Islam",
        "Islamist", "Island", "It", "Its", "January", "Jewish", "Jews", "Journalist", "Journalists", "Judge",
        "July", "June", "Justice", "King", "Labour", "Lady", "Lake", "Language", "Last", "Late", "Later",
        "Liberal", "Lieutenant", "Like", "Lord", "MEP", "MP", "Madam", "Major", "Manifesto", "Manifestos",
        "Many", "March", "May", "Mayor", "Meanwhile", "Media", "Members", "Middle", "Might", "Military",
        "Minister", "Ministry", "Monday", "Most", "Mountain", "Mr", "Mrs", "Ms", "Muslim", "Muslims", "Must",
        "My", "Navy", "Nazi", "Nazis", "Near", "Neo-Nazi", "Netizens", "Network", "Networks", "New", "News",
        "Newspaper", "Next", "No", "Nobody", "North", "Northern", "Not", "Note", "November", "Now", "OK",
        "October", "Office", "Officials", "Ok", "Old", "On", "Once", "One", "Online", "Only", "Operation",
        "Operators", "Or", "Organisation", "Organization", "Other", "Our", "Over", "PM", "Page", "Pages", "Park",
        "Parliament", "Part", "Party", "People", "Per", "Persian", "Photo", "Photos", "Picture", "Pictures",
        "Platforms", "Please", "Police", "Politicians", "Pope", "Post", "Posts", "President", "Prime", "Prince",
        "Princess", "Prof", "Queen", "Read", "Recently", "Red", "Report", "Reporter", "Reporters", "Reports",
        "Republican", "Republicans", "Researchers", "River", "Road", "Russian", "Saturday", "Scammers", "School",
        "Screenshot", "Screenshots", "Second", "Section", "See", "Senate", "Senator", "September", "Sergeant",
        "Several", "She", "Should", "Since", "Sir", "Site", "Sites", "Small", "So", "Social", "Some", "Someone",
        "Source", "Sources", "South", "Southern", "Spanish", "Spokesman", "Spokesperson", "Staff", "State",
        "States", "Street", "Study", "Such", "Sunday", "Supporters", "Table", "Team", "Text", "Texts", "Thank",
        "Thanks", "That", "The", "Their", "Then", "There", "These", "They", "Third", "This", "Those", "Though",
        "Threat", "Three", "Through", "Thursday", "To", "Today", "Tomorrow", "Tory", "Toward", "Towards",
        "Trolls", "True", "Tuesday", "Twitter", "Two", "UPDATE", "Ukrainian", "Under", "Union", "University",
        "Unlike", "Until", "Update", "User", "Users", "VP", "Verdict", "Via", "Video", "Videos", "Voters", "War",
        "Was", "Watch", "We", "Website", "Websites", "Wednesday", "Were", "West", "Western", "What", "When",
        "Where", "Which", "While", "White", "Who", "Why", "Will", "With", "Within", "Without", "World", "Would",
        "Yellow", "Yes", "Yesterday", "You", "Your",
    )
)
OPENERS = frozenset(
    (
        "A", "About", "Above", "According", "Across", "After", "Against", "All", "Also", "Although", "Among",
        "An", "And", "Another", "Any", "Are", "Around", "As", "At", "Because", "Before", "Below", "Between",
        "Both", "But", "By", "Can", "Could", "Despite", "During", "Each", "Earlier", "Early", "Even", "Every",
        "Finally", "First", "For", "Former", "From", "Further", "Had", "Has", "Have", "He", "Her", "Here", "His",
        "How", "However", "I", "If", "In", "Instead", "Is", "It", "Its", "Last", "Late", "Later", "Like", "Many",
        "May", "Meanwhile", "Might", "Most", "Must", "Near", "Next", "No", "Not", "Now", "On", "Once", "One",
        "Only", "Or", "Other", "Our", "Over", "Per", "Recently", "Second", "Several", "She", "Should", "Since",
        "So", "Some", "Such", "That", "The", "Their", "Then", "There", "These", "They", "Third", "This", "Those",
        "Though", "Three", "Through", "To", "Today", "Toward", "Towards", "Two", "Under", "Unlike", "Until",
        "Via", "Was", "We", "Were", "What", "When", "Where", "Which", "While", "Who", "Why", "Will", "With",
        "Within", "Without", "Would", "Yesterday", "You",
    )
)
# fmt: on
OFFICES = frozenset(
    (
        *(
            "Candidate",
            "Chancellor",
            "Chairwoman",
            "Congressman",
            "Congresswoman",
            "Justice",
            "Premier",
            "Representative",
        ),
        *("Secretary", "Vice", "Leader", "Nominee", "Incumbent", "Billionaire", "Entrepreneur", "Activist", "Elect"),
    )
)
"""Words before a person's last name that are no first name."""
