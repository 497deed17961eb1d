from convive.cli import main

main()
